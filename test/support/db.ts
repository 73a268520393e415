/**
 * A database of its own for a test file, copied from the migrated template in some 50 ms. The copy of a file with a failed test is kept
 * (not in CI) and its name printed, to be looked into with `DATA_DIR=<folder> npm start` or any client.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const templateName = 'muster_template';

/** How the global set-up tells test files where the database is. */
const urlVariable = 'MUSTER_TEST_DATABASE_URL';
const folderVariable = 'MUSTER_TEST_FOLDER';

export type TestDatabase = { url: string; name: string; drop(): Promise<void> };

/** `name` shows up in the database's name. Call `drop` in afterAll, when all connections of the test are closed. */
export function createTestDatabase(name = 'db'): Promise<TestDatabase> {
  return createDatabase(name, templateName);
}

/** Without any table, as an operator would make one. */
export function createBareDatabase(name = 'bare'): Promise<TestDatabase> {
  return createDatabase(name, 'template0');
}

async function createDatabase(name: string, template: string): Promise<TestDatabase> {
  const database = `test_${name.replace(/\W+/g, '_').toLowerCase().slice(0, 40)}_${randomBytes(4).toString('hex')}`;
  await run(`create database ${database} template ${template}`);
  return { url: urlOf(database), name: database, drop: () => dropUnlessFailed(database) };
}

/** Lists the kept copies; its existence keeps the folder beyond the run. */
function keptListIn(folder: string): string {
  return join(folder, 'kept');
}

async function dropUnlessFailed(database: string): Promise<void> {
  if (!hasFailedTest() || process.env.CI) return run(`drop database if exists ${database} with (force)`);
  const folder = process.env[folderVariable] ?? '';
  appendFileSync(keptListIn(folder), `${database}\n`);
  process.stderr.write(`kept database ${database} in ${folder}\n`);
}

async function run(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function urlOf(database: string): string {
  const given = process.env[urlVariable];
  if (given === undefined) throw new Error('no test database: this spec needs the global set-up of its jest project');
  const url = new URL(given);
  url.pathname = `/${database}`;
  return url.href;
}

type Block = { children?: Block[]; errors?: unknown[] };

/** Asks jest's runner, which keeps its state on the global object, whether a test of this file has failed. */
function hasFailedTest(): boolean {
  const symbol = Object.getOwnPropertySymbols(globalThis).find(entry => entry.description === 'JEST_STATE_SYMBOL');
  const state = symbol && (globalThis as unknown as Record<symbol, { rootDescribeBlock?: Block }>)[symbol];
  const hasFailed = (block: Block): boolean => (block.errors?.length ?? 0) > 0 || (block.children ?? []).some(hasFailed);
  return hasFailed(state?.rootDescribeBlock ?? {});
}
