/** The registry of one workspace as readers and writers of contacts need it: by key, by id, and which standard ones are off. */
import { type Attribute, valueSchema } from '../../domain/attribute/types.js';
import type { WorkspaceId } from '../../domain/ids.js';
import type { Queryable } from '../../platform/database/database.js';
import { selectAttributes, selectSensitiveFields } from './attributes.sql.js';

/** Standard attributes that are off until the workspace states a legal basis. */
export const sensitiveFields = ['religion', 'politicalAffiliation'] as const;
export type SensitiveField = (typeof sensitiveFields)[number];

export type Parsed = { value: unknown } | { problem: string; path: string };

export class Registry {
  private readonly byKey: ReadonlyMap<string, Attribute>;
  private readonly byId: ReadonlyMap<string, Attribute>;
  private readonly schemas = new Map<string, ReturnType<typeof valueSchema>>();

  constructor(
    /** Archived ones too. */
    readonly all: readonly Attribute[],
    readonly fieldsOn: ReadonlySet<string>,
  ) {
    this.byKey = new Map(all.map(attribute => [attribute.key, attribute]));
    this.byId = new Map(all.map(attribute => [attribute.id, attribute]));
  }

  find(key: string): Attribute | undefined {
    return this.byKey.get(key);
  }

  get(id: string): Attribute | undefined {
    return this.byId.get(id);
  }

  /** False for religion and political affiliation where the workspace has not turned them on. */
  isFieldOn(field: string): boolean {
    return !(sensitiveFields as readonly string[]).includes(field) || this.fieldsOn.has(field);
  }

  /** What is stored for a value that was sent, or what is wrong with it; `path` is where in the value ("" or "/currency"). */
  parse(attribute: Attribute, sent: unknown): Parsed {
    const schema = this.schemas.get(attribute.id) ?? valueSchema(attribute);
    this.schemas.set(attribute.id, schema);
    const { success, data, error } = schema.safeParse(sent);
    if (success) return { value: data };
    const [issue] = error.issues;
    return { problem: issue?.message ?? 'Is not valid', path: (issue?.path ?? []).map(part => `/${String(part)}`).join('') };
  }
}

export async function loadAttributes(db: Queryable, workspaceId: WorkspaceId): Promise<Registry> {
  const attributes = await db.rows<Attribute>(selectAttributes(workspaceId));
  const fields = await db.rows<{ field: string }>(selectSensitiveFields(workspaceId));
  return new Registry(attributes, new Set(fields.map(({ field }) => field)));
}
