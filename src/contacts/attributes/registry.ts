/** The registry of one workspace as readers and writers of contacts need it: by key, by id, and which standard ones are off. */
import { type Attribute, valueSchema } from '../../domain/attribute/types.js';
import type { WorkspaceId } from '../../domain/ids.js';
import type { Queryable } from '../../platform/database/database.js';
import { selectAttributes, selectSensitiveFields } from './attributes.sql.js';

/** Standard attributes that are off until the workspace states a legal basis. */
export const sensitiveFields = ['religion', 'politicalAffiliation'] as const;
export type SensitiveField = (typeof sensitiveFields)[number];

/** Attributes a workspace may have that are not archived. */
export const maxAttributes = 300;

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

  /** How many more may be registered. */
  get room(): number {
    return Math.max(0, maxAttributes - this.all.filter(attribute => !attribute.isArchived).length);
  }

  /** False for religion and political affiliation where the workspace has not turned them on. */
  isFieldOn(field: string): boolean {
    return !(sensitiveFields as readonly string[]).includes(field) || this.fieldsOn.has(field);
  }

  /** As `parse`, but refuses attributes that are off. */
  read(attribute: Attribute, sent: unknown): Parsed {
    const problem = whyOff(attribute);
    return problem === null ? this.parse(attribute, sent) : { problem, path: '' };
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

export async function loadAttributes(db: Pick<Queryable, 'rows'>, workspaceId: WorkspaceId): Promise<Registry> {
  const attributes = await db.rows<Attribute>(selectAttributes(workspaceId));
  const fields = await db.rows<{ field: string }>(selectSensitiveFields(workspaceId));
  return new Registry(attributes, new Set(fields.map(({ field }) => field)));
}

/** Off without a stated legal basis; said of standard and custom attributes alike. */
export const sensitiveIsOff = 'Is sensitive and off: turn it on with a stated legal basis first';

/** Why it may neither be set nor asked about, or null. */
export function whyOff({ isOn, isArchived }: Attribute): string | null {
  if (isOn) return null;
  return isArchived ? 'Is archived: unarchive it first' : sensitiveIsOff;
}
