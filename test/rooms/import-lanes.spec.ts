// Batches of an import run two at a time and bet on new people; the outcome is that of the whole file in one batch.
import { MergeImportJob } from '../../src/contacts/import/merge-import.job.js';
import { startTestApp, type TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { untilCancelWaits, upload, uploadAndMerge } from '../support/imports.js';

jest.setTimeout(180_000);

const order = { kind: 'contacts', options: { consentSource: 'Test', tags: ['all'] } };
const header = 'externalId,email,phone,firstName,tags,consent.email.news';
const timedHeader = `${header},consentAt`;

/** The same numbers for the same seed: 0 to below 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Runs of new people, broken by rows that share an identity with one before them: near, far, or of another file. In every second
 * file consent has a day, one of three.
 */
function peopleFile(seed: number, rows: number): string {
  const isTimed = seed % 2 === 0;
  const random = randomFrom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let isRun = true;
  const lines = Array.from({ length: rows }, (_, n) => {
    if (random() < 0.02) isRun = !isRun;
    const isShared = !isRun && random() < 0.3;
    const other = (): number => (random() < 0.5 ? Math.max(0, n - below(8)) : below(rows));
    const [external, email, phone] = [n, isShared ? other() : n, isShared && random() < 0.5 ? other() : n];
    const id = random() < 0.7 ? `E${isShared && random() < 0.3 ? other() : external}` : '';
    return `${id},p${email}@example.com,+1212${2_200_000 + phone},Name ${n},t${below(3)},${random() < 0.8 ? 'yes' : 'no'}${isTimed ? `,2026-01-0${1 + below(3)}` : ''}`;
  });
  return [isTimed ? timedHeader : header, ...lines].join('\n');
}

/** Every person with what is known, told without ids; allowed topics stand with the addresses. */
async function everybody(app: TestApp): Promise<unknown> {
  const { rows } = await app.db.pool.query(`
    select c.first_name, i.identities, r.addresses, t.tags
    from contact c
      cross join lateral (select array_agg(kind || ' ' || value order by kind, value) as identities from identity where contact_id = c.id) i
      cross join lateral (select array_agg(format('%s %s %s', address, is_primary, topics) order by address) as addresses
        from reach where contact_id = c.id) r
      cross join lateral (select array_agg(name order by name) as tags from contact_tag join tag on tag.id = tag_id where contact_id = c.id) t
    order by i.identities`);
  return rows;
}

/** Identities that identities.sql.ts would not find. */
async function nameWithoutAddress(app: TestApp): Promise<unknown[]> {
  const { rows } = await app.db.pool.query(`
    select kind, value from identity i where kind in ('email', 'phone') and not exists (
      select from reach r where r.workspace_id = i.workspace_id and r.contact_id = i.contact_id
        and r.channel = case i.kind when 'phone' then 'sms' else 'email' end and r.address = i.value)`);
  return rows;
}

test.each([1, 2, 3, 4, 6, 8])('file %d comes out the same in batches of 40 as in one', async seed => {
  const apps = await Promise.all([startTestApp(), startTestApp()]);
  try {
    const outcomes = await Promise.all(
      apps.map(async (app, i) => {
        app.get(MergeImportJob).batchRows = i === 0 ? 40 : 100_000;
        // The second file meets people of the first.
        const [first, second] = [peopleFile(seed, 1_200), peopleFile(seed + 100, 1_500)];
        const imports = [await uploadAndMerge(app, first, order), await uploadAndMerge(app, second, order)];
        return { counts: imports.map(done => [done.state, done.rowsMerged, done.contactsCreated]), people: await everybody(app) };
      }),
    );
    expect(outcomes[0]?.counts[0]?.slice(0, 2)).toEqual(['done', 1_200]);
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(await Promise.all(apps.map(nameWithoutAddress))).toEqual([[], []]);
  } finally {
    await Promise.all(apps.map(app => app.stop()));
  }
});

describe('beside a batch that waits', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    app.get(MergeImportJob).batchRows = 100;
    await app.db.pool.query(`create table gate (is_shut boolean)`);
    // The first batch stands still when it is about to record its progress.
    await app.db.pool.query(`create function stand() returns trigger language plpgsql as $body$
      begin
        while new.merged_to = 100 and exists (select from gate) loop perform pg_sleep(0.02); end loop;
        return new;
      end $body$`);
    await app.db.pool.query(`create trigger stand before update of merged_to on import for each row
      when (old.merged_to <> new.merged_to) execute function stand()`);
  });
  afterAll(() => app.stop());
  beforeEach(() => app.db.pool.query('insert into gate values (true)'));
  afterEach(() => open());

  const people = (prefix: string, rows: number): string[] =>
    Array.from({ length: rows }, (_, n) => `${prefix}${n},${prefix}${n}@example.com,,Name ${n},t,yes`);
  const isThere = async (email: string): Promise<boolean> =>
    (await app.db.pool.query(`select from identity where value = $1`, [email])).rowCount === 1;
  /** Transactions of batches that have written their people: `what` they do now. */
  const batches = async (what: string): Promise<number> =>
    (
      await app.db.pool.query(
        `select count(distinct a.pid)::int as n from pg_stat_activity a join pg_locks l on l.pid = a.pid and l.relation = 'consent'::regclass
          and l.mode = 'RowExclusiveLock' where a.datname = current_database() and ${what}`,
      )
    ).rows[0].n;
  const isWaiting = `a.wait_event = 'PgSleep'`;
  const isDoneAndWaits = `a.state = 'idle in transaction' and a.query like '%insert into reach%'`;
  const open = () => app.db.pool.query('delete from gate');
  const ended = (id: string) =>
    eventually(async () => {
      const { body } = await app.api('GET', `/v1/imports/${id}`);
      return !['uploading', 'merging'].includes(body.state) && body;
    });

  test('the next one of new people is merged, and commits after it', async () => {
    const { body } = await upload(app, [header, ...people('new', 300)].join('\n'), order);
    await eventually(async () => (await batches(isWaiting)) === 1 && (await batches(isDoneAndWaits)) === 1);
    expect([await isThere('new5@example.com'), await isThere('new150@example.com')]).toEqual([false, false]);
    await open();
    expect(await ended(body.id)).toMatchObject({ state: 'done', rowsMerged: 300, contactsCreated: 300 });
  });

  test('the next one that names a person of the first is merged behind it, alone', async () => {
    const rows = [...people('old', 120), 'old3,old3@example.com,,Changed,t,yes', ...people('late', 60)];
    const { body } = await upload(app, [header, ...rows].join('\n'), order);
    await eventually(async () => (await batches(isWaiting)) === 1);
    await open();
    expect(await ended(body.id)).toMatchObject({ state: 'done', rowsMerged: 181, contactsCreated: 180, contactsUpdated: 1 });
    const { rows: found } = await app.db.pool.query(
      `select c.first_name from contact c join identity i on i.contact_id = c.id where i.value = 'old3'`,
    );
    expect(found).toEqual([{ first_name: 'Changed' }]);
  });

  test('the next one is undone when the import is canceled before it', async () => {
    const { body } = await upload(app, [header, ...people('gone', 300)].join('\n'), order);
    await eventually(async () => (await batches(isWaiting)) === 1 && (await batches(isDoneAndWaits)) === 1);
    const canceling = app.api('POST', `/v1/imports/${body.id}/cancel`);
    await untilCancelWaits(app);
    await open();
    expect((await canceling).body).toMatchObject({ state: 'canceled' });
    await eventually(
      async () => (await app.db.pool.query(`select to_regclass('staging.import_' || $1) as at`, [body.id])).rows[0].at === null,
    );
    expect((await app.api('GET', `/v1/imports/${body.id}`)).body).toMatchObject({ state: 'canceled', rowsMerged: 100 });
    const { rows } = await app.db.pool.query(`select count(*)::int as n from identity where value like 'gone%@%'`);
    expect(rows).toEqual([{ n: 100 }]);
  });
});
