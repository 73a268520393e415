// The export of contacts: who, and which columns of them.
import { z } from 'zod';
import { text } from '../domain/scalars.js';
import { saysWhomOnce, whom, whomProblem } from './whom.js';

/** An import reads 500 columns at most, and what is exported shall be imported again. */
const maxColumns = 500;

export const exportContacts = z
  .strictObject({
    ...whom,
    columns: z
      .array(text(100))
      .min(1)
      .max(maxColumns)
      .optional()
      .meta({
        description:
          'Names of the columns, in order: musterId, externalId, anonymousId, email, email2, phone, phone2, any standard attribute, tags, lists, ' +
          'attributes.KEY (or attributes.KEY:number, :boolean, :list), consent.CHANNEL.TOPIC, createdAt, updatedAt. ' +
          'Without it: the identities, all standard attributes, tags, lists and every custom attribute that occurs. ' +
          'An import of the file finds each column by its name; consent columns want the option consentSource there.',
      }),
  })
  .refine(saysWhomOnce, whomProblem)
  .meta({
    id: 'ExportContacts',
    examples: [
      {
        rule: { version: 1, rule: { kind: 'place', country: ['AZ'], city: ['Baku'] } },
        columns: ['externalId', 'email', 'phone', 'firstName', 'attributes.score:number', 'consent.email.news'],
      },
    ],
  });

export type ExportContacts = z.infer<typeof exportContacts>;
