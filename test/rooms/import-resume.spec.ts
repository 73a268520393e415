// An import survives what happens around it: a killed connection, a shutdown, two workers, a cancel, a crash of the database.
import { Readable } from 'node:stream';
import { withClient } from '../../src/contacts/import/import-lock.js';
import { ImportService } from '../../src/contacts/import/import.service.js';
import { MergeImportJob } from '../../src/contacts/import/merge-import.job.js';
import { stageFile } from '../../src/contacts/import/stage-file.js';
import { importOptions } from '../../src/contract/imports.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { untilCancelWaits, upload } from '../support/imports.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  app.get(MergeImportJob).batchRows = batchRows;
  // What happens to a batch when it is about to record its progress: nothing, it waits, or it fails.
  await query(`create table disturb (merged_to bigint, what text)`);
  await query(`create function disturb() returns trigger language plpgsql as $body$
    declare found text := (select what from disturb d where d.merged_to = new.merged_to or d.merged_to is null limit 1);
    begin
      if found = 'fail' then raise exception 'disturbed by a test'; end if;
      while found = 'wait' and exists (select from disturb) loop perform pg_sleep(0.02); end loop;
      return new;
    end $body$`);
  await query(
    `create trigger disturb before update of merged_to on import for each row when (old.merged_to <> new.merged_to) execute function disturb()`,
  );
});
afterEach(() => query('delete from disturb'));
afterAll(() => app.stop());

const rowCount = 2_500;
const batchRows = 1_000;
const order = { kind: 'contacts', options: { consentSource: 'Test', tags: ['resumed'] } };
const csv = (prefix: string, rows = rowCount): string => {
  const lines = Array.from({ length: rows }, (_, i) => `${prefix}${i},${prefix}${i}@example.com,Name ${i},yes\n`);
  return `externalId,email,firstName,consent.email.news\n${lines.join('')}`;
};

const query = async (text: string, values: unknown[] = []) => (await app.db.pool.query(text, values)).rows;
const view = async (id: string) => (await app.api('GET', `/v1/imports/${id}`)).body;
const disturb = (what: 'wait' | 'fail', mergedTo: number | null) =>
  query('insert into disturb values ($1, $2)', [mergedTo, what]);
const isWaiting = async () =>
  (
    await query(
      `select pid from pg_stat_activity where query like 'update import set merged_to%' and wait_event = 'PgSleep' and datname = current_database()`,
    )
  )[0];
const isOver = async (id: string) => {
  const body = await view(id);
  return !['uploading', 'merging'].includes(body.state) && body;
};

/** Every person of the file once, with everything. */
async function expectAll(prefix: string): Promise<void> {
  const [found] = await query(
    `select count(*)::int as people, count(distinct c.id)::int as contacts,
      (select count(*)::int from consent k join identity i using (contact_id) where i.value like $1 and i.kind = 'external_id') as consents,
      (select count(*)::int from reach r join identity i using (contact_id) where i.value like $1 and i.kind = 'external_id' and r.topics = '{news}') as reach,
      (select count(*)::int from contact_tag t join identity i using (contact_id) where i.value like $1 and i.kind = 'external_id') as tags
    from identity n join contact c on c.id = n.contact_id where n.value like $1 and n.kind = 'external_id'`,
    [`${prefix}%`],
  );
  expect(found).toEqual({ people: rowCount, contacts: rowCount, consents: rowCount, reach: rowCount, tags: rowCount });
}

test('a connection killed in the middle of the second batch costs that batch and nothing else', async () => {
  await disturb('wait', 2 * batchRows);
  const { body } = await upload(app, csv('killed'), order);
  const { pid } = await eventually(isWaiting);
  expect(await view(body.id)).toMatchObject({
    state: 'merging',
    rowsMerged: batchRows,
    etaSeconds: expect.any(Number),
    rowsPerSecond: expect.any(Number),
  });
  await query('select pg_terminate_backend($1)', [pid]);
  await query('delete from disturb');
  expect(await eventually(() => isOver(body.id))).toMatchObject({
    state: 'done',
    rowsMerged: rowCount,
    contactsCreated: rowCount,
    contactsUpdated: 0,
    error: null,
  });
  await expectAll('killed');
  expect(
    await query(`select cardinality(contact_ids) as people from contact_change where batch_id = $1 order by id`, [body.id]),
  ).toEqual([{ people: batchRows }, { people: batchRows }, { people: 500 }]);
});

test('a shutdown ends the merge between two batches; the next sweep goes on', async () => {
  await disturb('wait', batchRows);
  const { body } = await upload(app, csv('stopped'), order);
  const { pid } = await eventually(isWaiting);
  const before = new AbortController();
  before.abort();
  await query('select pg_terminate_backend($1)', [pid]);
  // Another process merges it now and is told to stop at once.
  await app.get(MergeImportJob).handle({ workspaceId: app.workspaceId, importId: body.id }, before.signal);
  await query('delete from disturb');
  expect(await eventually(() => isOver(body.id))).toMatchObject({ state: 'done', contactsCreated: rowCount });
  await expectAll('stopped');
});

test('two workers on one import do its work once', async () => {
  await disturb('wait', batchRows);
  const { body } = await upload(app, csv('double'), order);
  await eventually(isWaiting);
  const job = app.get(MergeImportJob);
  const others = [1, 2].map(() => job.handle({ workspaceId: app.workspaceId, importId: body.id }, new AbortController().signal));
  await Promise.all(others);
  await query('delete from disturb');
  expect(await eventually(() => isOver(body.id))).toMatchObject({
    state: 'done',
    contactsCreated: rowCount,
    rowsMerged: rowCount,
  });
  await expectAll('double');
});

test('a batch that fails again and again ends the import with a reason', async () => {
  await disturb('fail', null);
  const { body } = await upload(app, csv('failing', 10), order);
  const over = await eventually(() => isOver(body.id));
  expect(over).toMatchObject({ state: 'failed', rowsMerged: 0, error: expect.stringContaining('failed on our side') });
  expect(await query(`select from identity where value like 'failing%'`)).toEqual([]);
  await eventually(async () => (await query(`select from pg_class where relname = 'import_' || $1`, [body.id])).length === 0);
});

test('who is erased while the batch is under way is not written to; the row is somebody new', async () => {
  const { id } = (await app.api('POST', '/v1/contacts', { externalId: 'gone1', email: 'gone1@example.com' })).body;
  const eraser = await app.db.pool.connect();
  try {
    await eraser.query('begin');
    await eraser.query(`update contact set erased_at = now() where id = $1`, [id]);
    await eraser.query(`delete from identity where contact_id = $1`, [id]);
    await eraser.query(`delete from reach where contact_id = $1`, [id]);
    const accepted = (await upload(app, 'externalId,email,firstName\ngone1,other1@example.com,Ghost\n', order)).body;
    // The batch found the person and waits for the row.
    await eventually(
      async () => (await query(`select from pg_locks where not granted and locktype = 'transactionid'`)).length > 0,
    );
    await eraser.query('commit');
    expect(await eventually(() => isOver(accepted.id))).toMatchObject({ state: 'done', contactsCreated: 1, contactsUpdated: 0 });
  } finally {
    eraser.release();
  }
  expect(await query(`select first_name from contact where id = $1`, [id])).toEqual([{ first_name: null }]);
  expect(await query(`select from reach where contact_id = $1`, [id])).toEqual([]);
});

test('a cancel in mid-merge keeps what is merged and drops the rest', async () => {
  await disturb('wait', batchRows);
  const { body } = await upload(app, csv('canceled'), order);
  await eventually(isWaiting);
  const canceling = app.api('POST', `/v1/imports/${body.id}/cancel`);
  await untilCancelWaits(app);
  await query('delete from disturb');
  expect((await canceling).body).toMatchObject({ state: 'canceled' });
  await eventually(async () => (await query(`select from pg_class where relname = 'import_' || $1`, [body.id])).length === 0);
  const after = await view(body.id);
  expect(after.rowsMerged % batchRows).toBe(0);
  expect(await query(`select count(*)::int as n from identity where value like 'canceled%' and kind = 'external_id'`)).toEqual([
    { n: after.rowsMerged },
  ]);
  expect((await app.api('POST', `/v1/imports/${body.id}/cancel`)).status).toBe(409);
});

test('staged rows lost in a crash of the database fail the import instead of merging a part', async () => {
  await disturb('wait', batchRows);
  const { body } = await upload(app, csv('lost'), order);
  const { pid } = await eventually(isWaiting);
  await query('select pg_terminate_backend($1)', [pid]);
  await query(`delete from staging.import_${body.id} where n > 1000`); // an unlogged table is emptied by recovery
  await query('delete from disturb');
  expect(await eventually(() => isOver(body.id))).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('upload the file again'),
  });
});

describe('a large file is merged while it is still received', () => {
  /** An upload that stops after two batches and a half until it is told how to end. */
  async function startUpload(prefix: string) {
    app.get(ImportService).earlyRows = batchRows;
    let end = (_rest: string | null): void => undefined;
    const rest = new Promise<string | null>(resolve => (end = resolve));
    // Staged rows are sent by the megabyte.
    const wide = ['lastName', 'company', 'occupation', 'jobTitle', 'city'];
    const padding = wide.map(() => 'x'.repeat(190)).join(',');
    const [head = '', ...rows] = csv(prefix).split('\n');
    const body = new ReadableStream({
      async start(stream) {
        const send = (text: string): void => stream.enqueue(new TextEncoder().encode(text));
        const field = (name: string, value: string): void =>
          send(`--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
        field('kind', 'contacts');
        field('options', JSON.stringify(order.options));
        send(`--b\r\ncontent-disposition: form-data; name="file"; filename="${prefix}.csv"\r\n\r\n`);
        send(`${head},${wide.join(',')}\n${rows.flatMap(row => (row === '' ? [] : [`${row},${padding}\n`])).join('')}`);
        const last = await rest;
        if (last === null) return stream.error(new Error('the client is gone'));
        send(`${last}\r\n--b--\r\n`);
        stream.close();
      },
    });
    const answer = fetch(`${app.url}/v1/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.key}`, 'content-type': 'multipart/form-data; boundary=b' },
      body,
      duplex: 'half',
    } as RequestInit);
    answer.catch(() => undefined);
    const find = async () =>
      (await app.api('GET', '/v1/imports')).body.data.find((item: { fileName: string }) => item.fileName === `${prefix}.csv`);
    const early = await eventually(async () => {
      const found = await find();
      return found?.rowsMerged >= batchRows && found;
    });
    return { early, end, answer };
  }
  afterEach(() => (app.get(ImportService).earlyRows = 50_000));

  test('to its end', async () => {
    const { early, end, answer } = await startUpload('early');
    expect(early).toMatchObject({ state: 'uploading', etaSeconds: null });
    end('');
    expect((await answer).status).toBe(202);
    expect(await eventually(() => isOver(early.id))).toMatchObject({ state: 'done', rowsMerged: rowCount, rowsRead: rowCount });
    await expectAll('early');
  });

  test('and when the upload fails, what was merged stays and is told', async () => {
    const { early, end, answer } = await startUpload('torn');
    end('"never closed');
    expect((await answer).status).toBe(422);
    const over = await eventually(() => isOver(early.id));
    expect(over).toMatchObject({
      state: 'failed',
      error: expect.stringContaining(`(${over.rowsMerged} rows before it are merged`),
    });
    expect(await query(`select count(*)::int as n from identity where value like 'torn%' and kind = 'external_id'`)).toEqual([
      { n: over.rowsMerged },
    ]);
    await eventually(async () => (await query(`select from pg_class where relname = 'import_' || $1`, [early.id])).length === 0);
  });

  test('and a cancel ends both', async () => {
    const { early, end, answer } = await startUpload('both');
    expect((await app.api('POST', `/v1/imports/${early.id}/cancel`)).body).toMatchObject({ state: 'canceled' });
    end('');
    expect((await answer).status).toBe(409);
    await eventually(async () => (await query(`select from pg_class where relname = 'import_' || $1`, [early.id])).length === 0);
  });
});

test('a slow database slows the upload down instead of filling the memory', async () => {
  const [{ id }] = (await query(
    `insert into import (workspace_id, kind, state, mapping, actor) values ($1, 'contacts', 'uploading', '{}', 'test') returning id`,
    [app.workspaceId],
  )) as [{ id: string }];
  let pulled = 0;
  const file = Readable.from(
    (function* () {
      yield Buffer.from('externalId,email,firstName\n');
      for (let i = 0; i < 100_000; i += 500) {
        const chunk = Buffer.from(
          Array.from({ length: 500 }, (_, j) => `slow${i + j},slow${i + j}@example.com,${'x'.repeat(150)}\n`).join(''),
        );
        pulled += chunk.length;
        yield chunk;
      }
    })(),
    { objectMode: true, highWaterMark: 1 },
  );
  const blocker = await app.db.pool.connect();
  const staging = withClient(app.db, async client => {
    await client.query('select pg_advisory_lock(1297416197, $1)', [Number(id)]); // the upload's own lock: no sweep takes it for dead
    const progress = await stageFile(client, file, {
      workspaceId: app.workspaceId,
      importId: id,
      kind: 'contacts',
      mapping: {},
      savedMapping: {},
      options: importOptions.parse({}),
      settings: { defaultCountry: 'US', timeZone: 'UTC', dateFormat: 'iso', decimal: '.', now: app.clock.now() },
      hash: () => '00'.repeat(16),
      bindAttributes: columns => Promise.resolve([...columns]),
      now: () => app.clock.now(),
      earlyRows: null,
      onEarlyRows: () => Promise.resolve(),
    });
    await client.query('select pg_advisory_unlock_all()');
    return progress;
  });
  try {
    await eventually(async () => (await query(`select from pg_class where relname = 'import_' || $1`, [id])).length);
    await blocker.query(`begin; lock table staging.import_${id} in access exclusive mode`);
    const before = pulled;
    await eventually(async () => {
      const stopped = pulled;
      await new Promise(resolve => setTimeout(resolve, 500));
      return pulled === stopped;
    });
    expect(pulled - before).toBeLessThan(4 * 1024 * 1024);
  } finally {
    await blocker.query('rollback');
    blocker.release();
  }
  expect(await staging).toMatchObject({ read: 100_000, staged: 100_000, rejected: 0 });
  expect(pulled).toBeGreaterThan(15 * 1024 * 1024);
});
