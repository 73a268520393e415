/** Uploading a CSV as a partner would: a multipart form with the file last. */
import { type Answer, type TestApp } from './app.js';
import { eventually } from './eventually.js';

export type Upload = { kind?: string; mappingId?: string; mapping?: unknown; options?: unknown; fileName?: string };

export function formOf(csv: string | Buffer, { kind, mappingId, mapping, options, fileName = 'people.csv' }: Upload): FormData {
  const form = new FormData();
  if (kind !== undefined) form.append('kind', kind);
  if (mappingId !== undefined) form.append('mappingId', mappingId);
  if (mapping !== undefined) form.append('mapping', typeof mapping === 'string' ? mapping : JSON.stringify(mapping));
  if (options !== undefined) form.append('options', typeof options === 'string' ? options : JSON.stringify(options));
  form.append('file', new Blob([csv]), fileName);
  return form;
}

export function upload(app: TestApp, csv: string | Buffer, order: Upload): Promise<Answer> {
  return app.api('POST', '/v1/imports', formOf(csv, order));
}

/** Until whoever cancels an import waits for its row, which the batch under way holds, and so is next. */
export const untilCancelWaits = (app: TestApp): Promise<true> =>
  eventually(async () => {
    const { rowCount } = await app.db.pool.query(`select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like 'update import set state%'`);
    return rowCount === 1;
  });

/** The import as it is in the end. */
export async function uploadAndMerge(
  app: TestApp,
  csv: string | Buffer,
  order: Upload,
  timeoutMs = 60_000,
): Promise<Answer['body']> {
  const accepted = await upload(app, csv, order);
  if (accepted.status !== 202) throw new Error(`the upload was refused: ${accepted.text}`);
  return eventually(async () => {
    const { body } = await app.api('GET', `/v1/imports/${accepted.body.id}`);
    return !['uploading', 'merging'].includes(body.state) && body;
  }, timeoutMs);
}
