/** What there is to back up, from the catalogs: tables in the order of their foreign keys, columns, months of events, sequences. */
import type pg from 'pg';

type Client = Pick<pg.ClientBase, 'query'>;

/**
 * The list of migrations is the manifest's business. How far followers have read is told in transaction numbers, which mean something in
 * one PostgreSQL only: in another they start over, and all they do may be done twice.
 */
const leftOut = ['migration', 'change_cursor'];

/** So that a COPY has the same text everywhere. */
export const sessionSettings = `set timezone to 'UTC'; set datestyle to 'ISO, YMD'; set intervalstyle to 'postgres'; set bytea_output to 'hex';
  set extra_float_digits to 1; set client_encoding to 'UTF8'; set search_path to public; set statement_timeout to 0;
  set idle_in_transaction_session_timeout to 0`;

/** Parents first; partitions are part of their table. Ordered as names, not as text: the same whatever the database's collation. */
export async function listTables(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; parents: string[] }>(
    `select c.relname::text as name, array(select p.relname::text from pg_constraint k join pg_class p on p.oid = k.confrelid
        where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid order by p.relname) as parents
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> all ($1::text[]) order by c.relname`,
    [leftOut],
  );
  return sortByParents(new Map(rows.map(row => [row.name, row.parents])));
}

function sortByParents(parentsOf: ReadonlyMap<string, readonly string[]>): string[] {
  const sorted = new Set<string>();
  const visit = (table: string, trail: readonly string[]): void => {
    if (sorted.has(table) || trail.includes(table)) return;
    for (const parent of parentsOf.get(table) ?? []) visit(parent, [...trail, table]);
    if (parentsOf.has(table)) sorted.add(table);
  };
  for (const table of parentsOf.keys()) visit(table, []);
  return [...sorted];
}

/** Neither generated columns nor transaction numbers: the database that takes the rows makes its own. */
export async function listColumns(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname::text as name from pg_attribute where attrelid = to_regclass(format('public.%I', $1::text)) and attnum > 0 and not attisdropped
      and attgenerated = '' and atttypid <> 'xid8'::regtype order by attnum`,
    [table],
  );
  return rows.map(row => row.name);
}

/** The months of `contact_event` (2026-11); none for a table without partitions. */
export async function listMonths(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ month: string }>(
    `select replace(substring(c.relname from '\\d{4}_\\d{2}$'), '_', '-') as month from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass(format('public.%I', $1::text)) order by 1`,
    [table],
  );
  return rows.map(row => row.month);
}

/** Where each sequence stands; those never used are left out. */
export async function readSequences(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select sequencename::text as name, last_value::text as value from pg_sequences
      where schemaname = 'public' and last_value is not null and sequencename not like 'migration%' order by 1`,
  );
  return Object.fromEntries(rows.map(row => [row.name, row.value]));
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
