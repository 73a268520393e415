/** `npm run docs`: writes docs/schema.sql, docs/problems.md and docs/openapi.json from the code as it is. A test fails when they are not fresh. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { SystemClock } from './platform/clock.js';
import { type Config, loadConfig, withDatabase } from './platform/config.js';
import { describeSchema } from './platform/database/describe-schema.js';
import { startDatabase } from './platform/database/embedded/start-database.js';
import { migrate } from './platform/database/migrate.js';
import { openApiDocument } from './platform/http/openapi.js';
import { problemsInMarkdown } from './platform/http/problem-pages.js';
import { createLog } from './platform/log.js';
import { createApp } from './server.js';

const root = join(import.meta.dirname, '../..');
const dataDir = await mkdtemp(join(tmpdir(), 'muster-docs-'));
const boot = loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'error', ROLE: 'api', PORT: '0' }, root);
const database = await startDatabase({ dataDir, projectRoot: root, pgBin: boot.pgBin, log: () => undefined });
try {
  await migrate(database.url);
  await writeFile(join(root, 'docs/schema.sql'), await schemaText(database.url));
  await writeFile(join(root, 'docs/problems.md'), problemsInMarkdown());
  await writeFile(join(root, 'docs/openapi.json'), await openApiText(withDatabase(boot, database.url)));
} finally {
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function schemaText(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await describeSchema(client);
  } finally {
    await client.end();
  }
}

async function openApiText(config: Config): Promise<string> {
  const app = await createApp(config, createLog('error', 'api'), new SystemClock());
  try {
    await app.init();
    return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
  } finally {
    await app.close();
  }
}
