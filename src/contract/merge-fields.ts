// The merge fields of a template: what each is, whether the template can do without it, and how many people miss it.
import { z } from 'zod';
import { attributeTypes } from '../domain/attribute/types.js';
import { languageTag } from './places.js';
import { saysWhomOnce, whom, whomProblem } from './whom.js';

const locale = languageTag.optional().meta({ description: 'The words of this language alone; without it, of all together' });

export const mergeFieldQuery = z.strictObject({ locale });

/** For whom: a rule or a saved segment. */
export const audienceMergeFields = z
  .strictObject({ ...whom, locale })
  .refine(saysWhomOnce, whomProblem)
  .meta({
    id: 'AudienceMergeFields',
    examples: [
      { segmentId: '42' },
      { rule: { version: 1, rule: { kind: 'attribute', field: 'country', operator: 'is', value: 'FI' } }, locale: 'fi' },
    ],
  });

const mergeField = z
  .object({
    name: z.string().meta({ example: 'attributes.plan' }),
    label: z.string().meta({ example: 'Plan' }),
    source: z
      .enum(['contact', 'attribute', 'send'])
      .meta({ description: 'A standard fact of the contact, a custom attribute, or a fact of the send' }),
    type: z.enum(attributeTypes).nullable().meta({ description: 'Null for an attribute that is not registered' }),
    state: z
      .enum(['in-use', 'archived', 'sensitive', 'unknown'])
      .meta({ description: 'Sensitive ones are never written into a message; unknown ones nobody has' }),
    hasFallback: z.boolean().meta({ description: 'Wherever it is written, whoever lacks it gets other words instead' }),
    missing: z.number().int().nullable().meta({
      description: 'Contacts without it; null for facts of the send, and for a key without contacts:read or segments:read',
    }),
  })
  .meta({ id: 'MergeField' });

export const mergeFields = z
  .object({
    contacts: z.number().int().nullable().meta({ description: 'Of how many contacts; null where none were counted' }),
    fields: z.array(mergeField),
  })
  .meta({ id: 'MergeFields' });

export type AudienceMergeFields = z.infer<typeof audienceMergeFields>;
export type MergeField = z.infer<typeof mergeField>;
export type MergeFields = z.infer<typeof mergeFields>;
