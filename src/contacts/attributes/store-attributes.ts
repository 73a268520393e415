/** Attributes of contacts on their way in: from the caller's keys and values to ids and stored values, or what is wrong with each. */
import type { Actor } from '../../accounts/actor.js';
import { type AttributeType, typeOfValue } from '../../domain/attribute/types.js';
import type { Queryable, Tx } from '../../platform/database/database.js';
import { AppError, type FieldError } from '../../platform/errors.js';
import { contactColumns } from '../columns.js';
import type { ContactDraft } from '../normalize-contact.js';
import { ensureAttributes, foreseeAttributes } from './ensure-attributes.js';
import { maxAttributes, type Registry, sensitiveFields, sensitiveIsOff } from './registry.js';

/** Once for a batch; new keys are registered with the type of their first value. */
export function registryFor(tx: Tx, actor: Actor, drafts: readonly ContactDraft[]): Promise<Registry> {
  return ensureAttributes(tx, actor, wantedBy(drafts));
}

/** The same for a check: writes nothing. */
export function registryForeseen(db: Queryable, { workspaceId }: Actor, drafts: readonly ContactDraft[]): Promise<Registry> {
  return foreseeAttributes(db, workspaceId, wantedBy(drafts));
}

function wantedBy(drafts: readonly ContactDraft[]): Map<string, AttributeType> {
  const wanted = new Map<string, AttributeType>();
  for (const [key, value] of drafts.flatMap(draft => Object.entries(draft.attributes))) {
    const type = typeOfValue(value);
    if (type && !wanted.has(key)) wanted.set(key, type);
  }
  return wanted;
}

/** The draft as it is stored: attributes by id. Throws `invalid` with every wrong one; `pointer` is where the contact stands. */
export function storedDraft(registry: Registry, draft: ContactDraft, pointer = ''): ContactDraft {
  const wrong: FieldError[] = fieldsThatAreOff(registry, draft.columns);
  const attributes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(draft.attributes)) {
    const attribute = registry.find(key);
    if (value === null) {
      if (attribute) attributes[attribute.id] = null;
      continue;
    }
    const parsed = attribute ? registry.read(attribute, value) : { problem: unregistered(value), path: '' };
    if ('problem' in parsed) wrong.push({ pointer: `/attributes/${key}${parsed.path}`, message: parsed.problem });
    else if (attribute) attributes[attribute.id] = parsed.value;
  }
  const fields = wrong.map(field => ({ ...field, pointer: pointer + field.pointer }));
  const [first] = fields;
  if (first) throw new AppError('invalid', `${first.pointer}: ${first.message}`, fields);
  return { ...draft, attributes };
}

function unregistered(value: unknown): string {
  return typeOfValue(value) === null
    ? 'Nobody registered this attribute: register it with its type first (POST /v1/attributes)'
    : `There are already ${maxAttributes} attributes: archive one first`;
}

function fieldsThatAreOff(registry: Registry, columns: Record<string, unknown>): FieldError[] {
  const sent = sensitiveFields.filter(field => (columns[contactColumns[field]] ?? null) !== null);
  return sent.filter(field => !registry.isFieldOn(field)).map(field => ({ pointer: `/${field}`, message: sensitiveIsOff }));
}
