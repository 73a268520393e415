/**
 * Every release's database comes up to the newest schema with all its rows, answers as before, and goes on sending. Each pair of files in
 * test/fixtures/releases is one release; `RELEASE=x.y.z npx jest test/platform/upgrade.spec.ts` adds this version's (docs/upgrading.md).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { keysOf } from '../../src/backup/keys.js';
import { restoreBackup } from '../../src/backup/restore-backup.js';
import { writeBackup } from '../../src/backup/write-backup.js';
import { loadConfig, withDatabase } from '../../src/platform/config.js';
import { describeSchema } from '../../src/platform/database/describe-schema.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { type Answer, startTestApp, type TestApp } from '../support/app.js';
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../support/db.js';
import { eventually } from '../support/eventually.js';
import { answerTo, askEverything, countRows, fillWorkspace, type ReleaseRecord } from '../support/release.js';
import { ShiftedClock } from '../support/shifted-clock.js';

const releases = join(__dirname, '../fixtures/releases');
const kept = readdirSync(releases).flatMap(file => /^(.+)\.backup$/.exec(file)?.[1] ?? []);
const ours = mkdtempSync(join(tmpdir(), 'muster-release-'));
/** Where this version's own fixture goes: nowhere, unless it is being released. */
const { RELEASE: releasing } = process.env;
const draft = releasing === undefined ? join(ours, 'ours') : join(releases, releasing);

/** Under the SECRET_KEY of every test's server. */
const keys = keysOf(withDatabase(loadConfig({ SECRET_KEY: 'k'.repeat(40), DATA_DIR: ours }), ''));

afterAll(() => rmSync(ours, { recursive: true, force: true }));

/** The backup of a workspace in which everything has happened, and what this version says of it. */
async function keepRelease(into: string): Promise<void> {
  const app = await startTestApp();
  try {
    await fillWorkspace(app);
    const madeAt = app.clock.now();
    await writeBackup(app.config.databaseUrl, `${into}.backup`, keysOf(app.config), madeAt);
    const record = { madeAt: madeAt.toISOString(), rows: await countRows(app.database.url), answers: await askEverything(app) };
    writeFileSync(`${into}.json`, `${JSON.stringify(record, null, 1)}\n`);
  } finally {
    await app.stop();
  }
}

async function schemaOf({ url }: TestDatabase): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return describeSchema(client).finally(() => client.end());
}

/** A server on the restored database whose clock says what it said when the backup was made: relative dates mean the same people. */
async function startAt(moment: string, database: TestDatabase): Promise<TestApp> {
  const clock = new ShiftedClock();
  clock.advance(Date.parse(moment) - clock.now().getTime());
  return startTestApp({ database, clock });
}

async function launchTheDraft(app: TestApp): Promise<Answer['body']> {
  const { data } = (await app.api('GET', '/v1/campaigns?limit=100')).body;
  const { id } = data.find(({ name }: { name: string }) => name === 'Draft');
  expect(await app.api('POST', `/v1/campaigns/${id}/launch`, {})).toMatchObject({ status: 200 });
  return eventually(async () => {
    const { state, dispatches } = (await app.api('GET', `/v1/campaigns/${id}/report`)).body;
    return state === 'done' && dispatches[0].delivered === dispatches[0].sent && dispatches[0];
  });
}

test('this version keeps what a later one must restore', () => keepRelease(draft));

describe.each([...kept, 'this version'])('a database of %s', release => {
  const path = release === 'this version' ? draft : join(releases, release);
  let database: TestDatabase;
  let record: ReleaseRecord;
  let rows: Record<string, number>;
  let schema: string;
  let app: TestApp;

  beforeAll(async () => {
    record = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as ReleaseRecord;
    database = await createBareDatabase('upgrade');
    await restoreBackup(database.url, `${path}.backup`, keys, () => undefined);
    rows = await countRows(database.url);
    schema = await schemaOf(database);
    app = await startAt(record.madeAt, database);
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  test('has all its rows', () => expect(rows).toMatchObject(record.rows));

  test('has the schema of a new database', async () => {
    const fresh = await createTestDatabase('upgrade_fresh');
    const wanted = await schemaOf(fresh);
    await fresh.drop();
    expect(schema).toBe(wanted);
  });

  test('answers every question as it did', async () => {
    expect(Object.keys(record.answers).length).toBeGreaterThan(50);
    for (const [question, answer] of Object.entries(record.answers))
      expect({ [question]: await answerTo(app.url, app.key, question) }).toMatchObject({ [question]: answer });
  });

  test('sends a campaign that was a draft, and not to the one who said STOP', async () => {
    const report = await launchTheDraft(app);
    expect(report).toMatchObject({ matched: 24, sent: 19, refused: { 'no-consent': 4, suppressed: 1 } });
  });
});

test('a version older than the database does not touch it', async () => {
  const database = await createTestDatabase('upgrade_newer');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`insert into migration ("timestamp", name) values (99999999999999, 'FromTheFuture99999999999999')`);
  await client.end();
  await expect(migrate(database.url)).rejects.toThrow(/newer Muster \(FromTheFuture99999999999999\)/);
  await database.drop();
});
