// What is generated and committed is what the code says now.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { describeSchema } from '../../src/platform/database/describe-schema.js';
import { openApiDocument } from '../../src/platform/http/openapi.js';
import { startTestApp, type TestApp } from '../support/app.js';

const docs = join(__dirname, '../../docs');

let app: TestApp;
beforeAll(async () => void (app = await startTestApp({ environment: { ROLE: 'api' } })));
afterAll(() => app.stop());

test('docs/schema.sql is the schema that the migrations make (else: npm run docs)', async () => {
  const client = new pg.Client({ connectionString: app.database.url });
  await client.connect();
  const schema = await describeSchema(client).finally(() => client.end());
  expect(readFileSync(join(docs, 'schema.sql'), 'utf8')).toBe(schema);
});

test('docs/openapi.json is the contract that the routes have (else: npm run docs)', () => {
  const document = JSON.stringify(openApiDocument(app.app), null, 2);
  expect(readFileSync(join(docs, 'openapi.json'), 'utf8')).toBe(`${document}\n`);
});

test('TypeORM finds nothing to change in the tables it knows', async () => {
  const dataSource = app.get(DataSource);
  const names = dataSource.entityMetadatas.map(entity => entity.tableName);
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  const aboutOurs = upQueries.map(({ query }) => query).filter(query => names.some(name => query.includes(`"${name}"`)));
  expect(aboutOurs).toEqual([]);
});
