// Segments as the API shows them. The rule itself is the domain's, so that server, web app and matcher share one shape.
import { z } from 'zod';
import { id, text, topic } from '../domain/scalars.js';
import { languages } from '../domain/segment/languages.js';
import { type SegmentDocument, segmentDocument } from '../domain/segment/rule.js';
import { checkSize } from '../domain/segment/size.js';
import { archived, instant, name, pageOf, pageQuery } from './common.js';
import { saysWhomOnce, whom, whomProblem } from './whom.js';

const details = {
  description: text(2000).nullable(),
  /** Folders are only a name to group by. */
  folder: name.nullable(),
};

export const createSegment = z
  .strictObject({
    name,
    description: details.description.default(null),
    folder: details.folder.default(null),
    rule: segmentDocument,
  })
  .meta({
    id: 'CreateSegment',
    examples: [
      {
        name: 'Women 25 to 35 in Baku',
        rule: {
          version: 1,
          rule: {
            kind: 'all',
            rules: [
              { kind: 'attribute', field: 'gender', operator: 'is', value: 'female' },
              { kind: 'age', operator: 'between', value: [25, 35] },
              { kind: 'place', country: ['AZ'], city: ['Baku'] },
            ],
          },
        },
      },
    ],
  });

export const updateSegment = z
  .strictObject({ name, ...details, rule: segmentDocument })
  .partial()
  .refine(body => Object.keys(body).length > 0, 'Name at least one thing to change')
  .meta({ id: 'UpdateSegment', examples: [{ name: 'Women in Baku' }] });

export const segmentView = z
  .object({
    id,
    name: z.string(),
    description: z.string().nullable(),
    folder: z.string().nullable(),
    rule: segmentDocument,
    /** Grows with each change of the rule. */
    version: z.number().int(),
    /** The rule in words. */
    summary: z.string(),
    createdAt: instant,
    updatedAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: 'Segment' });

export const segmentPage = pageOf(segmentView).meta({ id: 'SegmentPage' });

/** The language of summaries; without it the Accept-Language header counts, then English. */
export const languageQuery = z.strictObject({
  language: z.enum(languages).optional().meta({ description: 'Of summaries; else what Accept-Language asks for, else English' }),
});

export const segmentQuery = z.strictObject({
  ...pageQuery,
  ...languageQuery.shape,
  folder: name.optional().meta({ description: 'Only those in this folder', example: 'Autumn' }),
  archived,
});

export const cloneSegment = z
  .strictObject({
    /** Without it, the name of the original with a number. */
    name: name.optional(),
  })
  .meta({ id: 'CloneSegment', examples: [{ name: 'Women in Ganja' }] });

export const segmentUses = z
  .object({
    data: z.array(
      z.object({
        kind: z.enum(['segment', 'campaign']),
        id,
        name: z.string(),
        /** Of a campaign its state; a segment is saved or archived. */
        state: z.string().meta({ example: 'draft' }),
        /** It is not over with the segment: it must let go before the segment can be archived. */
        keepsFromArchiving: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'SegmentUses' });

export const folderPage = z
  .object({
    data: z.array(
      z.object({
        /** Null: segments in no folder. */
        name: z.string().nullable(),
        segments: z.number().int(),
        archived: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'SegmentFolders' });

export const renameFolder = z
  .strictObject({ name, to: name.nullable() })
  .meta({ id: 'RenameSegmentFolder', examples: [{ name: 'Autumn', to: 'Seasons' }] });

export const folderRenamed = z.object({ segments: z.number().int() }).meta({ id: 'SegmentFolderRenamed' });

/** A rule in which lists, tags and segments stand by their names and custom attributes by their keys, in place of ids. */
const portableRule = z
  .preprocess(checkSize, z.record(z.string(), z.unknown()))
  .meta({ id: 'PortableRule', examples: [{ kind: 'list', list: 'VIP', in: true }] });

export const segmentFile = z
  .strictObject({
    format: z.literal('muster-segments'),
    version: z.literal(1),
    segments: z
      .array(
        z.strictObject({
          name,
          description: details.description.default(null),
          folder: details.folder.default(null),
          rule: portableRule,
        }),
      )
      .min(1)
      .max(200),
  })
  .meta({
    id: 'SegmentFile',
    examples: [
      {
        format: 'muster-segments',
        version: 1,
        segments: [{ name: 'VIP', description: null, folder: 'Cities', rule: { kind: 'list', list: 'VIP', in: true } }],
      },
    ],
  });

export const exportSegments = z
  .strictObject({ segmentIds: z.array(id).min(1).max(200) })
  .meta({ id: 'ExportSegments', examples: [{ segmentIds: ['42'] }] });

export const importSegments = z
  .strictObject({
    file: segmentFile,
    /** Make the lists and tags that are named and not there, empty. */
    createMissing: z.boolean().default(false),
    /** A segment of that name is there already: refuse the file, save under a numbered name, or replace its rule. */
    onTaken: z.enum(['refuse', 'rename', 'replace']).default('refuse'),
    /** Tell what would happen and change nothing. */
    dryRun: z.boolean().default(false),
  })
  .meta({
    id: 'ImportSegments',
    examples: [
      {
        file: {
          format: 'muster-segments',
          version: 1,
          segments: [{ name: 'Of Baku', rule: { kind: 'place', country: ['AZ'], city: ['Baku'] } }],
        },
        onTaken: 'rename',
      },
    ],
  });

export const segmentsImported = z
  .object({
    dryRun: z.boolean(),
    segments: z.array(z.object({ name: z.string(), action: z.enum(['created', 'replaced']), id: id.nullable() })),
    createdLists: z.array(z.string()),
    createdTags: z.array(z.string()),
    /** Of a dry run: what is wrong with the file. */
    problems: z.array(z.object({ pointer: z.string(), message: z.string() })),
  })
  .meta({
    id: 'SegmentsImported',
    examples: [
      {
        dryRun: false,
        segments: [{ name: 'Of Baku', action: 'created', id: '12' }],
        createdLists: [],
        createdTags: [],
        problems: [],
      },
    ],
  });

const operators = z.array(z.string()).meta({ example: ['is', 'is-not', 'known'] });

/** What a rule can ask, for an editor. */
export const ruleCatalogue = z
  .object({
    /** Of the labels. */
    language: z.enum(languages),
    kinds: z.array(
      z.object({
        kind: z.string().meta({ example: 'age' }),
        /** Its schema among those of the OpenAPI document. */
        schema: z.string().meta({ example: 'AgeRule' }),
        examples: z.array(z.record(z.string(), z.unknown())),
      }),
    ),
    /** For the kind "attribute". */
    fields: z.array(
      z.object({
        field: z.string().meta({ example: 'birthDate' }),
        label: z.string().meta({ example: 'birth date' }),
        type: z.string().meta({ example: 'day' }),
        operators,
        /** The only values there are; null, when they are free. */
        values: z.array(z.string()).nullable(),
      }),
    ),
    /** For the kind "custom-attribute"; those of type date also for "anniversary". */
    attributes: z.array(
      z.object({
        attributeId: id,
        key: z.string().meta({ example: 'plan' }),
        label: z.string().meta({ example: 'Plan' }),
        type: z.string().meta({ example: 'choice' }),
        operators,
        values: z.array(z.string()).nullable(),
      }),
    ),
  })
  .meta({ id: 'RuleCatalogue' });

export const previewSegment = z
  .strictObject({
    ...whom,
    /** Count as reachable only who consented to this topic. */
    topic: topic.optional(),
    sampleSize: z.number().int().min(0).max(50).default(10),
  })
  .refine(saysWhomOnce, whomProblem)
  .meta({ id: 'PreviewSegment', examples: [{ segmentId: '42', topic: 'news', sampleSize: 5 }] });

export const segmentPreview = z
  .object({
    count: z.number().int(),
    /** Per channel: a working primary address that is not suppressed (and consented, when a topic was named). */
    reachable: z.object({ sms: z.number().int(), email: z.number().int() }),
    /** Spread over the segment, the same at each call; empty for a key without contacts:read. */
    sample: z.array(
      z.object({
        id,
        firstName: z.string().nullable(),
        lastName: z.string().nullable(),
        city: z.string().nullable(),
        country: z.string().nullable(),
      }),
    ),
    summary: z.string(),
    milliseconds: z.number(),
  })
  .meta({ id: 'SegmentPreview' });

export type CreateSegment = z.infer<typeof createSegment>;
export type UpdateSegment = z.infer<typeof updateSegment>;
export type SegmentView = Omit<z.infer<typeof segmentView>, 'rule'> & { rule: SegmentDocument };
export type SegmentQuery = z.infer<typeof segmentQuery>;
export type PreviewSegment = z.infer<typeof previewSegment>;
export type SegmentPreview = z.infer<typeof segmentPreview>;
export type LanguageQuery = z.infer<typeof languageQuery>;
export type CloneSegment = z.infer<typeof cloneSegment>;
export type SegmentUse = z.infer<typeof segmentUses>['data'][number];
export type FolderView = z.infer<typeof folderPage>['data'][number];
export type RenameFolder = z.infer<typeof renameFolder>;
export type FolderRenamed = z.infer<typeof folderRenamed>;
export type RuleCatalogue = z.infer<typeof ruleCatalogue>;
export type SegmentFile = z.infer<typeof segmentFile>;
export type ExportSegments = z.infer<typeof exportSegments>;
export type ImportSegments = z.infer<typeof importSegments>;
export type SegmentsImported = z.infer<typeof segmentsImported>;
export type ImportedSegment = SegmentsImported['segments'][number];
