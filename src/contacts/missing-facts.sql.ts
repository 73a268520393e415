/** How many contacts miss each of the facts that a template names: one pass over the contacts, whatever the number of facts. */
import type { WorkspaceId } from '../domain/ids.js';
import { identifier, joinSql, type Sql, sql } from '../domain/sql.js';
import type { Registry } from './attributes/registry.js';
import { contactColumns } from './columns.js';
import { factNames } from './contact-facts.sql.js';
import { primaryAddress } from './contact-view.sql.js';

export type MissingRow = { contacts: string; missing: string[] };

/** `fields` as templates name them, `missing` in their order; `condition` is one on `c`. */
export function countMissing(workspaceId: WorkspaceId, fields: readonly string[], registry: Registry, condition: Sql): Sql {
  const counts = fields.map(field => sql`count(*) filter (where ${isMissing(field, registry)})`);
  return sql`select count(*) as contacts, array[${joinSql(counts, ', ')}]::bigint[] as missing
    from contact c where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition}`;
}

/** What `contactFacts` would leave out or give empty. */
function isMissing(field: string, registry: Registry): Sql {
  if (field === 'email') return sql`${primaryAddress('email')} is null`;
  if (field === 'phone') return sql`${primaryAddress('sms')} is null`;
  const [top, key = ''] = field.split('.');
  if (top === 'attributes') return lacksAttribute(key, registry);
  const column = (contactColumns as Record<string, string>)[field];
  if (column === undefined || !factNames.includes(field)) return sql`true`;
  return sql`coalesce(c.${identifier(column)}::text, '') in ('', '{}')`;
}

/** Nobody has what is not registered, and what is sensitive is never merged. */
function lacksAttribute(key: string, registry: Registry): Sql {
  const attribute = registry.find(key);
  if (!attribute || attribute.sensitivity === 'sensitive') return sql`true`;
  return sql`coalesce(c.attributes ->> ${attribute.id}::text, '') in ('', '[]')`;
}
