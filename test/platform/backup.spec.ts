/** A backup of a workspace that has sent a campaign, restored elsewhere, answers the API with the same numbers; a wrong file changes nothing. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { keysOf } from '../../src/backup/keys.js';
import { restoreBackup } from '../../src/backup/restore-backup.js';
import { writeBackup } from '../../src/backup/write-backup.js';
import { call, startTestApp, type TestApp } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/db.js';
import { eventually } from '../support/eventually.js';
import { makeTemplate } from '../support/dispatches.js';

const folder = mkdtempSync(join(tmpdir(), 'muster-backup-'));
const file = join(folder, 'whole.backup');
const now = new Date('2026-11-22T12:00:00Z');
const ignore = () => undefined;
let app: TestApp;
let empty: TestDatabase;
let segmentId: string;
let campaignId: string;

const rule = { version: 1, rule: { kind: 'place', city: ['Backup'] } };

const person = (n: number) => ({
  externalId: `p${n}`,
  firstName: `Zoë\t"${n}"\\N\n`,
  city: n % 2 ? 'Backup' : 'Elsewhere',
  phone: `+121255501${String(n).padStart(2, '0')}`,
  consent: [{ channel: 'sms', topic: 'news', state: 'granted', source: 'form' }],
});

async function make(path: string, body: object): Promise<string> {
  const answer = await app.api('POST', path, body);
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return answer.body.id;
}

beforeAll(async () => {
  app = await startTestApp();
  empty = await createTestDatabase('restore');
  const contacts = Array.from({ length: 30 }, (_, n) => person(n));
  expect((await app.api('POST', '/v1/contacts/bulk', { contacts })).status).toBe(200);
  segmentId = await make('/v1/segments', { name: 'Backup', rule });
  campaignId = await make('/v1/campaigns', {
    name: 'Sent',
    channel: 'sms',
    class: 'marketing',
    topic: 'news',
    includeSegmentIds: [segmentId],
    templateId: await makeTemplate(app),
    sender: { from: '+12025550100' },
  });
  expect((await app.api('POST', `/v1/campaigns/${campaignId}/launch`, {})).status).toBe(200);
  await eventually(async () => (await app.api('GET', `/v1/campaigns/${campaignId}`)).body.state === 'done');
  await eventually(async () => (await app.api('GET', `/v1/campaigns/${campaignId}/report`)).body.dispatches[0].delivered === 15);
  await writeBackup(app.config.databaseUrl, file, keysOf(app.config), now);
});
afterAll(async () => {
  await app.stop();
  await empty.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function countRows(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: string }>(
    'select (select count(*) from workspace) + (select count(*) from contact) as n',
  );
  await client.end();
  return Number(rows[0]?.n);
}

const spoiled = (name: string, bytes: Buffer): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

test('a file that is cut, changed, or none of ours is told, and nothing is restored from it', async () => {
  const whole = readFileSync(file);
  const plain = gunzipSync(whole);
  const changed = Buffer.from(plain);
  changed.write('X', changed.indexOf('Elsewhere'));
  const files: [string, RegExp][] = [
    [spoiled('cut', whole.subarray(0, whole.length - 100)), /cut short/],
    [spoiled('zipped-cut', gzipSync(plain.subarray(0, plain.length - 37))), /cut short/],
    [spoiled('changed', gzipSync(changed)), /damaged/],
    [spoiled('text', Buffer.from('no backup at all')), /no backup/],
  ];
  for (const [path, message] of files)
    await expect(restoreBackup(empty.url, path, keysOf(app.config), ignore)).rejects.toThrow(message);
  expect(await countRows(empty.url)).toBe(0);
});

test('another SECRET_KEY and a database with rows are refused', async () => {
  const other = keysOf({ ...app.config, secretKey: 'o'.repeat(40) });
  await expect(restoreBackup(empty.url, file, other, ignore)).rejects.toThrow(/another SECRET_KEY.*secret\.key/);
  const same = restoreBackup(app.config.databaseUrl, file, keysOf(app.config), ignore);
  await expect(same).rejects.toThrow(/not empty/);
});

test('a restored server gives the same previews, reports and contacts, and goes on', async () => {
  await restoreBackup(empty.url, file, keysOf(app.config), ignore);
  const restored = await startTestApp({ database: empty });
  try {
    const ask = async (method: string, path: string, body?: unknown) => {
      const [before, after] = [await app.api(method, path, body), await call(restored.url, app.key, method, path, body)];
      expect([before.status, after.status]).toEqual([200, 200]);
      return [before.body, after.body];
    };
    const [preview, again] = await ask('POST', '/v1/segments/preview', { rule });
    expect(again).toEqual({ ...preview, milliseconds: expect.any(Number) });
    const [report, reportAgain] = await ask('GET', `/v1/campaigns/${campaignId}/report`);
    expect(reportAgain).toEqual(report);
    const [contacts, contactsAgain] = await ask('GET', '/v1/contacts?limit=100');
    expect(contactsAgain).toEqual(contacts);
    const made = await call(restored.url, app.key, 'POST', '/v1/contacts', { externalId: 'new' });
    expect([made.status, made.text]).toEqual([200, made.text]);
  } finally {
    await restored.stop();
  }
});
