/** The registry of custom attributes in SQL: reading it, writing it, and the two directions between ids and keys. */
import type { AttributeType, ChoiceOption, Sensitivity } from '../../domain/attribute/types.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { type Sql, sql } from '../../domain/sql.js';

/** What `loadAttributes` reads: the domain's `Attribute`. */
export function selectAttributes(workspaceId: WorkspaceId): Sql {
  return sql`select id, key, label, type, options, sensitivity, archived_at is not null as "isArchived",
      archived_at is null and (sensitivity <> 'sensitive' or legal_basis is not null) as "isOn"
    from attribute where workspace_id = ${workspaceId} order by id`;
}

export function selectSensitiveFields(workspaceId: WorkspaceId): Sql {
  return sql`select field, legal_basis as "legalBasis" from sensitive_field where workspace_id = ${workspaceId}`;
}

export type AttributeRow = {
  id: string;
  key: string;
  label: string;
  description: string | null;
  type: AttributeType;
  options: ChoiceOption[];
  sensitivity: Sensitivity;
  legalBasis: string | null;
  isOn: boolean;
  createdAt: Date;
  archivedAt: Date | null;
};

/** `where` is a condition on `a`. */
export function selectAttributeRows(workspaceId: WorkspaceId, where: Sql): Sql {
  return sql`select a.id, a.key, a.label, a.description, a.type, a.options, a.sensitivity, a.legal_basis as "legalBasis",
      a.archived_at is null and (a.sensitivity <> 'sensitive' or a.legal_basis is not null) as "isOn",
      a.created_at as "createdAt", a.archived_at as "archivedAt"
    from attribute a where a.workspace_id = ${workspaceId} and ${where} order by a.id`;
}

/** Registering takes turns, so that the limit holds. Writers of contacts take it before any contact. */
export function lockRegistry(workspaceId: WorkspaceId): Sql {
  return sql`select id from workspace where id = ${workspaceId} for no key update`;
}

export function insertFoundAttributes(workspaceId: WorkspaceId, found: readonly { key: string; type: AttributeType }[]): Sql {
  return sql`insert into attribute (workspace_id, key, label, type)
    select ${workspaceId}, key, key, type from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as found (key text, type text)
    on conflict (workspace_id, key) do nothing`;
}

/** The attributes of the contact `c` as one object by key. Reads attribute_key_key. */
export function attributesByKey(which: Sql): Sql {
  return sql`(select jsonb_object_agg(a.key, c.attributes -> a.id::text) from attribute a
    where a.workspace_id = c.workspace_id and c.attributes ? a.id::text and ${which})`;
}

type Written = {
  key: string;
  label: string;
  description: string | null;
  options: readonly ChoiceOption[];
  sensitivity: Sensitivity;
};

export function insertAttribute(
  workspaceId: WorkspaceId,
  {
    key,
    label,
    description,
    options,
    sensitivity,
    type,
    legalBasis,
  }: Written & { type: AttributeType; legalBasis: string | null },
): Sql {
  return sql`insert into attribute (workspace_id, key, label, description, type, options, sensitivity, legal_basis)
    values (${workspaceId}, ${key}, ${label}, ${description}, ${type}, ${JSON.stringify(options)}::jsonb, ${sensitivity}, ${legalBasis})
    returning id`;
}

export function updateAttribute(
  workspaceId: WorkspaceId,
  id: string,
  { key, label, description, options, sensitivity, legalBasis }: Written & { legalBasis: string | null },
): Sql {
  return sql`update attribute set key = ${key}, label = ${label}, description = ${description},
      options = ${JSON.stringify(options)}::jsonb, sensitivity = ${sensitivity}, legal_basis = ${legalBasis}
    where workspace_id = ${workspaceId} and id = ${id}`;
}

export function setArchived(workspaceId: WorkspaceId, id: string, at: Date | null): Sql {
  return sql`update attribute set archived_at = ${at} where workspace_id = ${workspaceId} and id = ${id}
    and (archived_at is null) <> (${at}::timestamptz is null)`;
}

/** How many contacts have one of these options. */
export function countHolders(workspaceId: WorkspaceId, id: string, values: readonly string[]): Sql {
  return sql`select count(*)::int as count from contact c
    where c.workspace_id = ${workspaceId} and c.attributes -> ${id}::text ?| ${values}::text[]`;
}

export function turnFieldOn(workspaceId: WorkspaceId, field: string, legalBasis: string): Sql {
  return sql`insert into sensitive_field (workspace_id, field, legal_basis) values (${workspaceId}, ${field}, ${legalBasis})
    on conflict (workspace_id, field) do update set legal_basis = excluded.legal_basis`;
}

export function turnFieldOff(workspaceId: WorkspaceId, field: string): Sql {
  return sql`delete from sensitive_field where workspace_id = ${workspaceId} and field = ${field}`;
}
