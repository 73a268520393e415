// Mappings of import columns saved under a name, to be used again for the next file of the same source.
import { z } from 'zod';
import { id, text } from '../domain/scalars.js';
import { instant, name, pageOf } from './common.js';
import { importKind, importMapping, importOptions } from './imports.js';

const mappingName = name.meta({ description: 'Unique in the workspace', example: 'Till export' });

/** Either what an import did (`importId`), or said here (`kind`, `mapping`, `options`). */
export const createImportMapping = z
  .strictObject({
    name: mappingName,
    importId: id.optional().meta({ description: 'Save what this import did; then kind, mapping and options are not sent' }),
    kind: importKind.optional(),
    mapping: importMapping.optional(),
    options: importOptions.optional(),
  })
  .superRefine(({ importId, kind, mapping, options }, context) => {
    const said = { kind, mapping, options };
    const wrong = (field: string, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
    if (importId !== undefined)
      for (const [field, value] of Object.entries(said)) if (value !== undefined) wrong(field, 'Is taken from the import');
    if (importId === undefined && kind === undefined) wrong('kind', 'Is needed without importId');
    if (importId === undefined && mapping === undefined) wrong('mapping', 'Is needed without importId');
  })
  .meta({
    id: 'CreateImportMapping',
    examples: [
      { name: 'Fair', kind: 'contacts', mapping: { Mail: 'email', Notes: 'ignore' }, options: { tags: ['fair-2026'] } },
      { name: 'As last time', importId: '42' },
    ],
  });

export const updateImportMapping = z
  .strictObject({ name: mappingName.optional(), mapping: importMapping.optional(), options: importOptions.optional() })
  .meta({
    id: 'UpdateImportMapping',
    description: 'What is not sent stays; a mapping or options that are sent replace the saved ones as a whole.',
    examples: [{ name: 'Fair in spring', mapping: { Mail: 'email', Mobile: 'phone' } }],
  });

/** With their defaults filled in. */
const savedOptions = z.object(importOptions.shape).meta({
  id: 'SavedImportOptions',
  examples: [
    {
      defaultCountry: 'FI',
      delimiter: 'auto',
      dateFormat: 'iso',
      decimal: '.',
      onExisting: 'update',
      emptyMeans: 'keep',
      tags: ['fair-2026'],
      consent: [{ channel: 'email', topic: 'newsletter', state: 'granted', source: 'Form at the fair' }],
      rows: 'orders',
      createContacts: false,
    },
  ],
});

export const savedMappingView = z
  .object({
    id,
    name: mappingName,
    kind: importKind,
    headers: z.array(z.string()).meta({ description: 'Of the file it was saved from, or those that its mapping names' }),
    mapping: z.record(z.string(), z.string()),
    options: savedOptions,
    createdAt: instant,
    updatedAt: instant,
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'SavedImportMapping' });
export const savedMappingPage = pageOf(savedMappingView).meta({ id: 'SavedImportMappingPage' });

export const suggestImportMapping = z
  .strictObject({
    kind: importKind,
    headers: z
      .array(text(500).trim().min(1))
      .min(1)
      .max(500)
      .refine(headers => new Set(headers).size === headers.length, 'Two columns have the same name'),
  })
  .meta({ id: 'SuggestImportMapping', examples: [{ kind: 'contacts', headers: ['Mail', 'First name', 'Notes'] }] });

export const mappingSuggestion = z
  .object({
    saved: savedMappingView
      .nullable()
      .meta({ description: 'The one to send as mappingId; null when none has any of the headers' }),
    share: z.number().meta({ description: 'Of the headers of the saved one, those that are there: 0 to 1', example: 0.5 }),
    columns: z
      .array(
        z.object({
          header: z.string().meta({ example: 'Mail' }),
          field: z.string().meta({ example: 'email' }),
          from: z.enum(['saved', 'header']),
        }),
      )
      .meta({ description: 'What an upload with that mapping takes each column for' }),
  })
  .meta({ id: 'ImportMappingSuggestion' });

export type CreateImportMapping = z.infer<typeof createImportMapping>;
export type UpdateImportMapping = z.infer<typeof updateImportMapping>;
export type SavedMappingView = z.infer<typeof savedMappingView>;
export type SuggestImportMapping = z.infer<typeof suggestImportMapping>;
export type MappingSuggestion = z.infer<typeof mappingSuggestion>;
