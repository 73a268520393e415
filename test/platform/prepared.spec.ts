/** Hot statements are prepared: on every connection of the pool, after it was lost, and while the tables they read change. */
import { sql } from '../../src/domain/sql.js';
import { startTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await app.db.run(sql`create table thing (id bigint primary key, name text not null)`);
  await app.db.run(sql`insert into thing select n, 'thing ' || n from generate_series(1, 10) n`);
});
afterAll(() => app.stop());

const find = (id: number) => sql`select name from thing where id = ${id}`.prepared();
const prepared = sql`select count(*)::int as times from pg_prepared_statements where statement like '%from thing where id%'`;

test('once a connection, whatever its values', async () => {
  await app.db.transaction(async tx => {
    for (let id = 1; id <= 10; id++) expect(await tx.row(find(id))).toEqual({ name: `thing ${id}` });
    expect(await tx.row(prepared)).toEqual({ times: 1 });
  });
});

test('on many connections at once, and on a new one in place of one that broke', async () => {
  const all = () => Promise.all(Array.from({ length: 40 }, (_, n) => app.db.transaction(tx => tx.row(find((n % 10) + 1)))));
  expect(await all()).toHaveLength(40);
  await app.db
    .run(sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle'
    and pid <> pg_backend_pid()`);
  const rows = await app.db.whenBack(all);
  expect(rows.every(row => (row as { name: string }).name.startsWith('thing '))).toBe(true);
});

test('a statement that fails is prepared all the same, and one inside another is a part of it', async () => {
  const half = (by: number) => sql`select (10 / ${by}::int) as half`.prepared();
  await expect(app.db.row(half(0))).rejects.toThrow('division by zero');
  expect(await app.db.row(half(5))).toEqual({ half: 2 });
  expect(sql`${half(5)} limit 1`.isPrepared).toBe(false);
});

test('a table that changes under it: the next call sees its new shape', async () => {
  await app.db.transaction(async tx => {
    await tx.row(find(1));
    await tx.run(sql`alter table thing add note text, alter name type varchar(100)`);
    await tx.run(sql`create index thing_name_idx on thing (name)`);
    await tx.run(sql`analyze thing`);
    const count = sql`select count(*)::int as things from thing where id > ${0}`.prepared();
    expect(await tx.row(count)).toEqual({ things: 10 });
    await tx.run(sql`alter table thing drop column note`);
    expect(await tx.row(count)).toEqual({ things: 10 });
  });
});
