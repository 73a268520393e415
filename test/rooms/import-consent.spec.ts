/** What a file says of consent when its rows, its options and what is on file contradict each other: a "no" is never lost. */
import { MergeImportJob } from '../../src/contacts/import/merge-import.job.js';
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { uploadAndMerge } from '../support/imports.js';

jest.setTimeout(120_000);

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

let people = 0;
const upsert = async (body: object) => (await app.api('POST', '/v1/contacts', body)).body;
const granted = { channel: 'email', topic: 'news', state: 'granted', source: 'form' };
const importing = async (csv: string, options: object = {}) => {
  const done = await uploadAndMerge(app, csv, { kind: 'contacts', options: { consentSource: 'the list', ...options } });
  expect(done).toMatchObject({ state: 'done', rowsRejected: 0 });
};
const topicsOf = async (address: string) =>
  (await app.db.row<{ topics: string[] }>(sql`select topics from reach where address = ${address}`))?.topics;

test('an option that withdraws holds for people whom the file names without an address', async () => {
  await upsert({ externalId: 'f1', email: 'f1@example.com', consent: [granted] });
  await importing('externalId\nf1\nf2\n', {
    consent: [{ channel: 'email', topic: 'news', state: 'withdrawn', source: 'opt-outs' }],
  });
  expect(await topicsOf('f1@example.com')).toEqual([]);
  const { id } = await upsert({ externalId: 'f2', email: 'f2@example.com' });
  const evidence = (await app.api('GET', `/v1/contacts/${id}/consents`)).body.data;
  expect(evidence).toMatchObject([{ state: 'withdrawn', source: 'opt-outs' }]);
});

test('a yes without a time never beats a no of the same file, wherever the two stand', async () => {
  const header = 'email,consent.email.news,consentAt\n';
  await importing(
    `${header}a@example.com,no,2025-03-01T00:00:00Z\na@example.com,yes,\nb@example.com,yes,\nb@example.com,no,2025-03-01T00:00:00Z\n`,
  );
  expect([await topicsOf('a@example.com'), await topicsOf('b@example.com')]).toEqual([[], []]);
  // A yes that says when it was given is compared by its time.
  await importing(`${header}c@example.com,no,2025-03-01T00:00:00Z\nc@example.com,yes,2025-04-01T00:00:00Z\n`);
  expect(await topicsOf('c@example.com')).toEqual(['news']);
});

test('a yes without a time gives way to a no of the same file in whichever batch', async () => {
  app.get(MergeImportJob).batchRows = 1;
  try {
    await importing('email,consent.email.news,consentAt\nh@example.com,yes,\nh@example.com,no,2025-03-01T00:00:00Z\n');
  } finally {
    app.get(MergeImportJob).batchRows = 20_000;
  }
  expect(await topicsOf('h@example.com')).toEqual([]);
  const { body } = await app.api('POST', '/v1/contacts', { email: 'h@example.com' });
  const evidence = (await app.api('GET', `/v1/contacts/${body.id}/consents`)).body.data;
  const times = evidence.map((row: { state: string; occurredAt: string }) => [
    row.state,
    row.occurredAt.startsWith('2025-03-01'),
  ]);
  expect(times.sort()).toEqual([
    ['granted', false],
    ['withdrawn', false],
    ['withdrawn', true],
  ]);
});

test.each([
  ['no,2025-03-01 | yes, | yes,2026-01-01', true],
  ['yes,2026-01-01 | yes, | no,2025-03-01', true],
  ['yes,2025-01-01 | yes, | no,2025-03-01', false],
  ['yes, | no, | no,2025-03-01', false],
])('%s comes out the same in one batch and in many', async (words, isAllowed) => {
  const batchRows = app.get(MergeImportJob).batchRows;
  for (const size of [1, 100]) {
    const email = `words-${(people += 1)}@example.com`;
    const rows = words.split(' | ').map(word => `${email},${word.endsWith(',') ? word : `${word}T00:00:00Z`}`);
    app.get(MergeImportJob).batchRows = size;
    await importing(['email,consent.email.news,consentAt', ...rows].join('\n'));
    expect([size, await topicsOf(email)]).toEqual([size, isAllowed ? ['news'] : []]);
  }
  app.get(MergeImportJob).batchRows = batchRows;
});

test('an old no in a later batch does not outweigh a yes on file that came after it', async () => {
  const batchRows = app.get(MergeImportJob).batchRows;
  for (const size of [1, 100]) {
    const email = `known-${size}@example.com`;
    await upsert({ email, consent: [granted] });
    app.get(MergeImportJob).batchRows = size;
    await importing(`email,consent.email.news,consentAt\n${email},yes,\n${email},no,2025-03-01T00:00:00Z\n`);
    expect([size, await topicsOf(email)]).toEqual([size, ['news']]);
  }
  app.get(MergeImportJob).batchRows = batchRows;
});

test('the option for all rows and a row’s own column contradict each other: the no holds', async () => {
  const everyone = (state: string) => ({ consent: [{ channel: 'email', topic: 'news', state, source: 'all' }] });
  await importing('email,consent.email.news,consentAt\nd@example.com,no,2025-03-01T00:00:00Z\n', everyone('granted'));
  await importing('email,consent.email.news\ne@example.com,no\nf@example.com,yes\n', everyone('granted'));
  await importing('email,consent.email.news\ng@example.com,yes\n', everyone('withdrawn'));
  expect(await topicsOf('d@example.com')).toEqual([]);
  expect(await topicsOf('e@example.com')).toEqual([]);
  expect(await topicsOf('f@example.com')).toEqual(['news']);
  expect(await topicsOf('g@example.com')).toEqual([]);
});
