/** A merge field in the words of the registry: its label, type and state. Pure. */
import type { Registry } from '../contacts/attributes/registry.js';
import { standardAttributes } from '../contacts/attributes/standard.js';
import type { MergeField } from '../contract/merge-fields.js';
import type { Attribute, AttributeType } from '../domain/attribute/types.js';
import { customKey, sendFields } from './merge-fields.js';

type Described = Omit<MergeField, 'hasFallback' | 'missing'>;

/** Addresses and the facts of a send are texts. */
const standardTypes = new Map<string, AttributeType>(standardAttributes(new Map()).map(({ field, type }) => [field, type]));

export function describeField(name: string, registry: Registry): Described {
  const key = customKey(name);
  if (key !== null) return describeAttribute(name, key, registry.find(key));
  const source = sendFields.includes(name) ? 'send' : 'contact';
  return { name, label: inWords(name), source, type: standardTypes.get(name) ?? 'text', state: 'in-use' };
}

function describeAttribute(name: string, key: string, attribute: Attribute | undefined): Described {
  if (!attribute) return { name, label: key, source: 'attribute', type: null, state: 'unknown' };
  const { label, type, isArchived, sensitivity } = attribute;
  const state = sensitivity === 'sensitive' ? 'sensitive' : isArchived ? 'archived' : 'in-use';
  return { name, label, source: 'attribute', type, state };
}

/** firstName → First name */
function inWords(name: string): string {
  const words = name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
