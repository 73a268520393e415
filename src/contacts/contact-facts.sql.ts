/**
 * The facts a template may name (`firstName`, `attributes.plan`, `email` …) for many contacts at once. Only what was asked for is
 * read and returned: these values are stored with each message. Absent facts are absent, so that a template's fallback works.
 */
import type { WorkspaceId } from '../domain/ids.js';
import { identifier, joinSql, literal, type Sql, sql } from '../domain/sql.js';
import { attributesByKey } from './attributes/attributes.sql.js';
import { contactColumns, contactFieldNames } from './columns.js';
import { primaryAddress } from './contact-view.sql.js';

/** Neither these nor custom attributes marked so are ever merged into a message: a slip in a template would disclose them to whoever reads over a shoulder. */
const sensitive: ReadonlySet<string> = new Set(['religion', 'politicalAffiliation']);

/** Top-level names beside the custom `attributes.…`. */
export const factNames: readonly string[] = ['email', 'phone', ...contactFieldNames.filter(field => !sensitive.has(field))];

/**
 * Rows { contact_id, facts } where facts is one JSON object, `{ firstName, …, attributes: { … }, email, phone }`. `contacts`
 * selects contact_id; `fields` are names as templates use them (all when left out); unknown ones are simply not there.
 */
export function contactFacts(workspaceId: WorkspaceId, contacts: Sql, fields?: readonly string[]): Sql {
  return sql`select c.id as contact_id, ${factsObject(fields)} as facts
    from (${contacts}) people join contact c on c.workspace_id = ${workspaceId} and c.id = people.contact_id`;
}

/** The facts of one contact, alias `c`. What is absent within a custom value stays as the source sent it. */
function factsObject(fields?: readonly string[]): Sql {
  const tops = new Set((fields ?? [...factNames, 'attributes']).map(field => field.split('.')[0] ?? ''));
  const pairs = [...tops].flatMap(top => {
    const value = valueOf(top);
    return value ? [sql`${literal(top)}, ${value}`] : [];
  });
  const standard = sql`jsonb_strip_nulls(jsonb_build_object(${joinSql(pairs, ', ')}))`;
  if (!tops.has('attributes')) return standard;
  return sql`${standard} || coalesce((select jsonb_build_object('attributes', own.facts) from (select ${customFacts(fields)} as facts) own
    where own.facts is not null), '{}')`;
}

/** `attributes.price.amount` asks for the key `price`. */
function customFacts(fields?: readonly string[]): Sql {
  const keys = fields?.map(field => field.split('.')).flatMap(([top, key]) => (top === 'attributes' && key ? [key] : []));
  const isWanted = keys ? sql`a.key = any(${keys}::text[])` : sql`true`;
  return attributesByKey(sql`a.sensitivity <> 'sensitive' and ${isWanted}`);
}

function valueOf(name: string): Sql | null {
  if (name === 'email') return sql`to_jsonb(${primaryAddress('email')})`;
  if (name === 'phone') return sql`to_jsonb(${primaryAddress('sms')})`;
  const column = (contactColumns as Record<string, string>)[name];
  return column === undefined || !factNames.includes(name) ? null : sql`to_jsonb(c.${identifier(column)})`;
}
