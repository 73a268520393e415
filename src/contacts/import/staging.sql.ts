/**
 * The staging table of one import: the columns its file has, typed, numbered 1…n without gaps. Unlogged, because the rows
 * can be sent again; a database crash empties it, which the merge notices by the numbers and reports.
 */
import type { WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, Sql, sql } from '../../domain/sql.js';

/** `staging.import_12`; ids are decimal text. */
export function stagingTable(importId: string, suffix: '' | '_rows' = ''): Sql {
  return sql`staging.${identifier(`import_${importId}${suffix}`)}`;
}

export type StagingColumn = { name: string; type: string };

const columnTypes = new Set([
  'text',
  'bytea',
  'jsonb',
  'date',
  'smallint',
  'integer',
  'numeric',
  'double precision',
  'text[]',
  'timestamptz',
  'boolean',
]);

export function createStaging(importId: string, columns: readonly StagingColumn[]): Sql {
  const definitions = columns.map(({ name, type }) => sql`${identifier(name)} ${typeName(type)}`);
  return sql`create unlogged table ${stagingTable(importId)} (n bigint not null, row_number bigint not null, ${joinSql(definitions, ', ')})`;
}

export function copyIntoStaging(importId: string, columns: readonly StagingColumn[]): string {
  const names = joinSql(
    columns.map(({ name }) => identifier(name)),
    ', ',
  );
  return sql`copy ${stagingTable(importId)} (n, row_number, ${names}) from stdin`.render().text;
}

/** Before the first batch: an index for the batches, and statistics so that the first batch is planned with open eyes. */
export function sealStaging(importId: string): Sql[] {
  return [
    sql`alter table ${stagingTable(importId)} add primary key (n)`,
    sql`analyze ${stagingTable(importId)} (n, external_id, email, phone)`,
  ];
}

/** Folded orders are fewer than the rows that were read; batches count what is there. */
export function countStaged(workspaceId: WorkspaceId, importId: string): Sql {
  return sql`update import set rows_staged = (select count(*) from ${stagingTable(importId)})
    where workspace_id = ${workspaceId} and id = ${importId}`;
}

export function dropStaging(importId: string): Sql {
  return sql`drop table if exists ${stagingTable(importId)}, ${stagingTable(importId, '_rows')}`;
}

/** Ids of imports that have a staging table although they are over. */
export const listForgottenStaging = sql`
  select distinct substring(c.relname from '^import_(\\d+)') as id from pg_class c
  where c.relnamespace = 'staging'::regnamespace and c.relkind = 'r' and c.relname ~ '^import_\\d+'
    and not exists (select from import i where i.id = substring(c.relname from '^import_(\\d+)')::bigint and i.state in ('uploading', 'merging'))`;

function typeName(type: string): Sql {
  if (!columnTypes.has(type)) throw new Error(`not a staging type: ${type}`);
  return new Sql([type], []);
}
