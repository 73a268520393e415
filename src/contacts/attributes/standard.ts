/** The standard attributes in the words of the registry, made from the schemas that the API holds their values to. */
import { z } from 'zod';
import { type ContactField, contactFields } from '../../contract/contact-fields.js';
import type { AttributeCatalogue } from '../../contract/attributes.js';
import type { AttributeType, Sensitivity } from '../../domain/attribute/types.js';
import { sensitiveFields } from './registry.js';

type Standard = AttributeCatalogue['standard'][number];

const personal: ReadonlySet<string> = new Set<ContactField>([
  'firstName',
  'lastName',
  'birthDate',
  'latitude',
  'longitude',
  'incomeAmount',
  'incomeBand',
]);

/** `bases`: the legal bases of the sensitive ones that are on. */
export function standardAttributes(bases: ReadonlyMap<string, string>): Standard[] {
  return Object.entries(contactFields).map(([field, schema]) => {
    const sensitivity = sensitivityOf(field);
    const legalBasis = bases.get(field) ?? null;
    const options = schema instanceof z.ZodEnum ? schema.options.map(String) : [];
    return {
      field,
      type: typeOf(schema),
      options,
      sensitivity,
      legalBasis,
      isOn: sensitivity !== 'sensitive' || legalBasis !== null,
    };
  });
}

function sensitivityOf(field: string): Sensitivity {
  if ((sensitiveFields as readonly string[]).includes(field)) return 'sensitive';
  return personal.has(field) ? 'personal' : 'normal';
}

function typeOf(schema: z.ZodType): AttributeType {
  if (schema instanceof z.ZodEnum) return 'choice';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodArray) return 'texts';
  return schema instanceof z.ZodISODate ? 'date' : 'text';
}
