/** The registry of custom attributes in SQL: reading it, writing it, and the two directions between ids and keys. */
import type { AttributeType, ChoiceOption, Sensitivity } from '../../domain/attribute/types.js';
import type { WorkspaceId } from '../../domain/ids.js';
import { type Sql, sql } from '../../domain/sql.js';

/** What `loadAttributes` reads: the domain's `Attribute`. */
export function selectAttributes(workspaceId: WorkspaceId): Sql {
  return sql`select id, key, label, type, options, sensitivity,
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
