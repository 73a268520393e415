// Uploads one CSV file and follows its import: first what goes out, then what is merged.
import type { ImportView } from '../../contract/imports.js';
import { type Demo, msSince, watch } from '../demo.js';
import type { DemoFile } from '../files.js';
import { bar, count, seconds } from '../screen.js';

const drawEveryMs = 200;
const stillMs = 60_000;

export async function importFile(demo: Demo, file: DemoFile, noun: string): Promise<ImportView> {
  const start = demo.now();
  const { id } = await upload(demo, file, noun);
  const finished = await watch(demo, {
    read: () => demo.api.get<ImportView>(`/v1/imports/${id}`),
    isDone: ({ state }) => state !== 'uploading' && state !== 'merging',
    show: view => demo.screen.progress(mergingLine(view, noun)),
    stillMs,
  });
  if (finished.state !== 'done')
    throw new Error(`the import of ${file.fileName} is ${finished.state}: ${finished.error ?? 'no reason given'}`);
  demo.screen.done(doneLine(finished, noun, msSince(demo, start)));
  return finished;
}

async function upload(demo: Demo, file: DemoFile, noun: string): Promise<ImportView> {
  const fields = { kind: file.kind, mapping: JSON.stringify(file.mapping), options: JSON.stringify(file.options) };
  const draw = () =>
    demo.screen.progress(`Uploading ${noun}  ${bar(file.sent() / file.total)}  ${count(file.sent())} of ${count(file.total)}`);
  const timer = setInterval(draw, drawEveryMs);
  try {
    return await demo.api.upload<ImportView>('/v1/imports', { fields, fileName: file.fileName, file: file.body });
  } finally {
    clearInterval(timer);
  }
}

function mergingLine(view: ImportView, noun: string): string {
  const { rowsRead, rowsMerged, rowsPerSecond } = view;
  const rate = rowsPerSecond === null ? '' : `  ${count(rowsPerSecond)}/s`;
  return `Merging ${noun}    ${bar(rowsMerged / Math.max(1, rowsRead))}  ${count(rowsMerged)} of ${count(rowsRead)}${rate}`;
}

function doneLine(view: ImportView, noun: string, ms: number): string {
  const { kind, rowsRead, rowsRejected, contactsCreated, contactsUpdated } = view;
  const made = kind === 'contacts' ? ` (${count(contactsCreated)} new, ${count(contactsUpdated)} changed)` : '';
  const rate = count((rowsRead * 1000) / Math.max(1, ms));
  return `${count(rowsRead)} ${noun}${made} in ${seconds(ms)}, ${rate} rows/s, ${count(rowsRejected)} rejected`;
}
