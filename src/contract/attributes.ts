// The registry of attributes as the API takes and shows it: custom ones of the workspace beside the standard ones.
import { z } from 'zod';
import { attributeTypes, sensitivities } from '../domain/attribute/types.js';
import { id, text } from '../domain/scalars.js';
import { archived, instant } from './common.js';
import { attributeKey } from './contact-fields.js';

const words = (max: number) => text(max).trim().min(1);

const attributeType = z.enum(attributeTypes);
const sensitivity = z.enum(sensitivities).meta({
  description:
    'A sensitive attribute is off (neither set nor asked about) until a legal basis is stated; it is never merged into messages',
});
const legalBasis = words(500).meta({ example: 'Explicit consent, Art. 9(2)(a) GDPR; form of 2026-05' });

const option = z.strictObject({
  value: words(100).meta({ description: 'What contacts store and rules compare; never changes' }),
  label: words(200).optional().meta({ description: 'What people read; the value, when left out' }),
});
const options = z
  .array(option)
  .min(1)
  .max(500)
  .refine(hasDistinctNames, 'Values and labels must each name one option, without regard to case')
  .meta({ description: 'Of a choice or choices' });

export const createAttribute = z
  .strictObject({
    key: attributeKey,
    type: attributeType,
    label: words(100).optional(),
    description: text(1000).nullable().optional(),
    options: options.optional(),
    sensitivity: sensitivity.default('normal'),
    legalBasis: legalBasis.optional(),
  })
  .superRefine(({ type, options: given }, context) => {
    const isChoice = type === 'choice' || type === 'choices';
    if (isChoice === (given !== undefined)) return;
    const message = isChoice ? `An attribute of type ${type} needs its options` : `An attribute of type ${type} has no options`;
    context.addIssue({ code: 'custom', path: ['options'], message });
  })
  .meta({
    id: 'CreateAttribute',
    examples: [
      {
        key: 'plan',
        type: 'choice',
        label: 'Plan',
        description: 'What they pay for',
        options: [
          { value: 'free', label: 'Free' },
          { value: 'gold', label: 'Gold' },
        ],
      },
    ],
  });

export const updateAttribute = z
  .strictObject({
    key: attributeKey.optional(),
    label: words(100).optional(),
    description: text(1000).nullable().optional(),
    options: options.optional(),
    sensitivity: sensitivity.optional(),
    legalBasis: legalBasis.nullable().optional(),
  })
  .meta({
    id: 'UpdateAttribute',
    description: 'What is not sent stays. The type and the id never change; an option that contacts have cannot be taken away.',
    examples: [{ label: 'Price plan', description: null }],
  });

export const attributeView = z
  .object({
    id,
    key: z.string(),
    label: z.string(),
    description: z.string().nullable(),
    type: attributeType,
    options: z.array(z.object({ value: z.string(), label: z.string() })),
    sensitivity: z.enum(sensitivities),
    legalBasis: z.string().nullable(),
    isOn: z.boolean(),
    createdAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: 'Attribute' });

/** A standard attribute; `type` in the words of the registry. */
export const standardAttribute = z
  .object({
    field: z.string().meta({ example: 'religion' }),
    type: attributeType,
    options: z.array(z.string()),
    sensitivity: z.enum(sensitivities),
    legalBasis: z.string().nullable(),
    isOn: z.boolean(),
  })
  .meta({ id: 'StandardAttribute' });

export const attributeCatalogue = z
  .object({ standard: z.array(standardAttribute), custom: z.array(attributeView) })
  .meta({ id: 'AttributeCatalogue' });
export const attributeQuery = z.strictObject({ archived });

/** Null turns it off again. What contacts have stays and is not shown to rules. */
export const turnOnStandard = z
  .strictObject({ field: z.enum(['religion', 'politicalAffiliation']), legalBasis: legalBasis.nullable() })
  .meta({
    id: 'TurnOnStandardAttribute',
    examples: [{ field: 'religion', legalBasis: 'Explicit consent, Art. 9(2)(a) GDPR; form of 2026-05' }],
  });

export type CreateAttribute = z.infer<typeof createAttribute>;
export type UpdateAttribute = z.infer<typeof updateAttribute>;
export type AttributeView = z.infer<typeof attributeView>;
export type AttributeCatalogue = z.infer<typeof attributeCatalogue>;
export type TurnOnStandard = z.infer<typeof turnOnStandard>;

function hasDistinctNames(given: readonly { value: string; label?: string }[]): boolean {
  const owners = new Map<string, string>();
  return (
    given.every(({ value, label }) =>
      [value, label ?? value]
        .map(name => name.toLocaleLowerCase('en'))
        .every(name => {
          const owner = owners.get(name) ?? value;
          owners.set(name, owner);
          return owner === value;
        }),
    ) && new Set(given.map(({ value }) => value)).size === given.length
  );
}
