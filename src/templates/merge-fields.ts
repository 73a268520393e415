/**
 * The names a template may use. Contact names are the merge values that src/contacts gives; the rest are facts of the send,
 * filled by delivery. A name that is neither is a spelling mistake and is refused when the template is saved; custom attributes
 * register themselves with the first value that arrives, so one that is not there yet is only a warning.
 */
import { type Registry, sensitiveFields } from '../contacts/attributes/registry.js';
import { factNames } from '../contacts/contact-facts.sql.js';
import { attributeKey } from '../contract/contact-fields.js';
import type { Attribute } from '../domain/attribute/types.js';

/** `unsubscribeUrl`: the recipient's own page. */
export const sendFields: readonly string[] = ['unsubscribeUrl', 'campaignName', 'workspaceName'];

const known = new Set([...factNames, ...sendFields]);
const custom = 'attributes.';

/** What a template of this workspace may name, for `Vocabulary`. */
export type FieldWords = {
  /** Why a template that names it is not saved, or null. */
  readonly whyRefused: (field: string) => string | null;
  /** What is doubtful about a field that is not refused, or null. */
  readonly adviceOn: (field: string) => FieldAdvice | null;
};
export type FieldAdvice = { code: 'unknown-attribute' | 'archived-attribute'; message: string };

export function fieldWords(registry: Registry): FieldWords {
  return { whyRefused: field => whyRefused(field, registry), adviceOn: field => adviceOn(field, registry) };
}

/** The key of a custom attribute, or null for all else. */
export function customKey(field: string): string | null {
  const key = field.startsWith(custom) ? field.slice(custom.length) : '';
  return attributeKey.safeParse(key).success ? key : null;
}

function whyRefused(field: string, registry: Registry): string | null {
  if (known.has(field)) return null;
  const key = customKey(field);
  const isSensitive =
    key === null ? (sensitiveFields as readonly string[]).includes(field) : registry.find(key)?.sensitivity === 'sensitive';
  if (isSensitive) return `{{${field}}} is sensitive: it is never written into a message`;
  if (key !== null) return null;
  const suggestion = suggestField(field, registry);
  const hint = suggestion ? `did you mean {{${suggestion}}}?` : 'custom ones are written {{attributes.name}}';
  return `There is no merge field {{${field}}}: ${hint}`;
}

function adviceOn(field: string, registry: Registry): FieldAdvice | null {
  const key = customKey(field);
  if (key === null) return null;
  const attribute = registry.find(key);
  if (attribute?.isArchived)
    return { code: 'archived-attribute', message: `The attribute ${key} is archived: its values grow old` };
  if (attribute) return null;
  const near = nearest(key, keysInUse(registry));
  const hint = near ? `did you mean {{${custom}${near}}}?` : 'nobody has it yet';
  return { code: 'unknown-attribute', message: `There is no attribute ${key}: ${hint}` };
}

/** The known name closest to a misspelt one, or null when none is near. */
function suggestField(field: string, registry: Registry): string | null {
  const standard = nearest(field, [...known]);
  if (standard !== null) return standard;
  const key = nearest(field, keysInUse(registry));
  return key === null ? null : `${custom}${key}`;
}

const keysInUse = (registry: Registry): string[] => registry.all.filter(mayBeNamed).map(({ key }) => key);
const mayBeNamed = ({ isArchived, sensitivity }: Attribute): boolean => !isArchived && sensitivity !== 'sensitive';

function nearest(name: string, names: readonly string[]): string | null {
  const wanted = plain(name);
  return names.find(other => plain(other) === wanted) ?? names.find(other => isNear(plain(other), wanted)) ?? null;
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^contact\./, '')
    .replace(/[^a-z]/g, '');
}

/** At most one letter added, lost or changed, or two swapped. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && left === [...right].reverse().join(''));
}
