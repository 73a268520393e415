// CSV imports as the API shows them: the fields of the upload form and the progress of one import.
import { z } from 'zod';
import { id, text, topic } from '../domain/scalars.js';
import { channel, instant, pageOf, pageQuery } from './common.js';
import { ianaZone, isoCountry, isoCurrency } from './places.js';

export const importKinds = ['contacts', 'orders'] as const;
export const importStates = ['uploading', 'merging', 'done', 'failed', 'canceled'] as const;

export const importKind = z.enum(importKinds);

/** Header of the file → field, or "ignore". Headers that are not named are found by their names or ignored. */
export const importMapping = z
  .record(text(500), text(100))
  .refine(mapping => Object.keys(mapping).length <= 500, 'At most 500 columns')
  .meta({
    id: 'ImportMapping',
    examples: [{ Mail: 'email', Mobile: 'phone', Notes: 'ignore', Score: 'attributes.score:number' }],
  });

const label = text(100).trim().min(1);

/** One consent that every row of the file gives. Without a source nothing may be imported as consent. */
const rowConsent = z.strictObject({
  channel,
  topic,
  state: z.enum(['granted', 'withdrawn']).default('granted'),
  source: label,
  legalBasis: label.optional(),
  proof: z
    .record(text(64), text(2000))
    .refine(proof => Object.keys(proof).length <= 20, 'At most 20 entries')
    .optional(),
  occurredAt: instant.optional(),
});

export const importOptions = z
  .strictObject({
    /** Country of phone numbers written without one; the workspace's own when not given. */
    defaultCountry: isoCountry.optional(),
    delimiter: z.enum(['auto', ',', ';', 'tab', '|']).default('auto'),
    /** Order of day and month in dates with slashes or dots. ISO dates are always read. */
    dateFormat: z.enum(['iso', 'DMY', 'MDY']).default('iso'),
    /** Zone of times without an offset; the workspace's own when not given. */
    timeZone: ianaZone.optional(),
    decimal: z.enum(['.', ',']).default('.'),
    onExisting: z.enum(['update', 'skip']).default('update'),
    emptyMeans: z.enum(['keep', 'clear']).default('keep'),
    list: label.optional(),
    tags: z.array(label).max(50).default([]),
    consent: z.array(rowConsent).max(20).default([]),
    /** Source of consent columns that have no `consentSource` column beside them. */
    consentSource: label.optional(),
    /** Orders: several rows of one order are its lines (amounts add up) or the same order again (the last row wins). */
    rows: z.enum(['orders', 'lines']).default('orders'),
    /** Orders: make the customers we do not know instead of rejecting their rows. */
    createContacts: z.boolean().default(false),
    currency: isoCurrency.optional(),
  })
  .meta({
    id: 'ImportOptions',
    examples: [
      {
        defaultCountry: 'FI',
        tags: ['fair-2026'],
        consent: [{ channel: 'email', topic: 'newsletter', source: 'Form at the fair' }],
      },
    ],
  });

export const importView = z
  .object({
    id,
    kind: importKind,
    state: z.enum(importStates),
    fileName: z.string().nullable(),
    mapping: z.record(z.string(), z.string()),
    rowsRead: z.number(),
    rowsMerged: z.number(),
    /** Rows of people we knew already, with onExisting skip. */
    rowsSkipped: z.number(),
    rowsRejected: z.number(),
    contactsCreated: z.number(),
    contactsUpdated: z.number(),
    /** Rows a second: of the upload while it runs, then of the merge. */
    rowsPerSecond: z.number().nullable(),
    etaSeconds: z.number().nullable(),
    error: z.string().nullable(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({
    id: 'Import',
    examples: [
      {
        id: '7',
        kind: 'contacts',
        state: 'merging',
        fileName: 'customers.csv',
        mapping: { Mail: 'email', Mobile: 'phone', Notes: 'ignore' },
        rowsRead: 120000,
        rowsMerged: 80000,
        rowsSkipped: 0,
        rowsRejected: 12,
        contactsCreated: 79100,
        contactsUpdated: 900,
        rowsPerSecond: 31000,
        etaSeconds: 2,
        error: null,
        createdAt: '2026-11-22T09:00:00Z',
        finishedAt: null,
      },
    ],
  });

export const importPage = pageOf(importView).meta({ id: 'ImportPage' });
export const importQuery = z.strictObject({ ...pageQuery });

export type ImportKind = z.infer<typeof importKind>;
export type ImportState = (typeof importStates)[number];
export type ImportMapping = z.infer<typeof importMapping>;
export type ImportOptions = z.infer<typeof importOptions>;
/** Without the values of what was not sent. */
export type SentOptions = z.input<typeof importOptions>;
export type ImportView = z.infer<typeof importView>;
