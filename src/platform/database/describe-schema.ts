/**
 * The schema as text, read from the catalogs: tables, columns, constraints, indexes, sequences and functions in a fixed order.
 * The same on PostgreSQL 15 and 18, so `docs/schema.sql` can be checked on either; made to be read and compared, not run.
 */
import type pg from 'pg';

type Client = Pick<pg.Client, 'query'>;

/** `public` only: the queue's own schema belongs to BullMQ. TypeORM's list of migrations is left out, and so are partitions. */
const ours = `n.nspname = 'public' and c.relname not like 'migration%' and not c.relispartition`;

export async function describeSchema(client: Client): Promise<string> {
  const parts = [...(await sequences(client)), ...(await functions(client))];
  for (const table of await tableNames(client)) parts.push(await describeTable(client, table));
  return `${parts.join('\n\n')}\n`;
}

async function tableNames(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and ${ours} order by 1`,
  );
  return rows.map(row => row.name);
}

async function describeTable(client: Client, table: string): Promise<string> {
  const body = [...(await columns(client, table)), ...(await constraints(client, table))].map(line => `  ${line}`).join(',\n');
  return [`create table ${table} (\n${body}\n)${await suffix(client, table)};`, ...(await indexes(client, table))].join('\n');
}

async function columns(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
        case when a.attidentity <> '' then 'generated always as identity'
             when a.attgenerated <> '' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
             when d.adbin is not null then 'default ' || pg_get_expr(d.adbin, d.adrelid) end) as line
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid = to_regclass($1) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [`public.${table}`],
  );
  return rows.map(row => row.line);
}

/** Not-null constraints are columns' business (and rows of this catalog only since 18). */
async function constraints(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as line from pg_constraint
      where conrelid = to_regclass($1) and contype in ('p', 'u', 'f', 'c') order by contype desc, conname`,
    [`public.${table}`],
  );
  return rows.map(row => row.line);
}

async function indexes(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select pg_get_indexdef(i.indexrelid) || ';' as line from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = to_regclass($1) and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
      order by c.relname`,
    [`public.${table}`],
  );
  return rows.map(row => row.line);
}

async function suffix(client: Client, table: string): Promise<string> {
  const { rows } = await client.query<{ line: string | null }>(
    `select concat(case when c.relkind = 'p' then ' partition by ' || pg_get_partkeydef(c.oid) end,
        case when c.reloptions is not null then ' with (' || array_to_string(c.reloptions, ', ') || ')' end) as line
      from pg_class c where c.oid = to_regclass($1)`,
    [`public.${table}`],
  );
  return rows[0]?.line ?? '';
}

async function sequences(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select format('create sequence %s as %s cache %s;', c.relname, format_type(s.seqtypid, null), s.seqcache) as line
      from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
      where ${ours} and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i') order by c.relname`,
  );
  return rows.map(row => row.line);
}

async function functions(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select pg_get_functiondef(p.oid) || ';' as line from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'public' and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e') order by p.proname`,
  );
  return rows.map(row => row.line);
}
