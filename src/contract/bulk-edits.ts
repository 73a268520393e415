// Edits of everybody whom a rule picks: what shall change, and how far it is.
import { z } from 'zod';
import { id, text, topic } from '../domain/scalars.js';
import { channel, instant, pageOf, pageQuery } from './common.js';
import { attributes, settableFields } from './contact-fields.js';
import { saysWhomOnce, whom, whomProblem } from './whom.js';

const label = text(100).trim().min(1);
const names = z.array(label).min(1).max(50);

/** Consent is given person by person; only its withdrawal can be said of many. */
const withdrawal = z.strictObject({
  channel,
  topic,
  source: label.meta({ description: 'Why they are taken to have withdrawn', example: 'brand-closed' }),
});

const edit = {
  set: z
    .strictObject({ ...settableFields, attributes: attributes.optional() })
    .refine(isSomething, 'Name at least one field')
    .optional()
    .meta({ description: 'Fields and attributes that all of them get; null clears' }),
  addTags: names.optional(),
  removeTags: names.optional(),
  addToLists: names.optional().meta({ description: 'By name; a list that is not there is made' }),
  removeFromLists: names.optional(),
  withdraw: z.array(withdrawal).min(1).max(20).optional().meta({ description: 'Consents that all of them lose' }),
};
export const contactEdit = z.strictObject(edit);

export const createBulkEdit = z
  .strictObject({ ...whom, ...edit })
  .refine(saysWhomOnce, whomProblem)
  .refine(({ rule: _rule, segmentId: _segmentId, ...changes }) => isSomething(changes), 'Name at least one thing to change')
  .meta({
    id: 'CreateBulkEdit',
    examples: [
      {
        rule: { version: 1, rule: { kind: 'place', city: ['Baku'] } },
        set: { region: 'Absheron', locale: 'az' },
        addTags: ['baku'],
        removeFromLists: ['Autumn fair'],
      },
      { segmentId: '42', withdraw: [{ channel: 'email', topic: 'news', source: 'newsletter-closed' }] },
    ],
  });

export const bulkEditStates = ['running', 'done', 'failed', 'canceled'] as const;

export const bulkEditView = z
  .object({
    id,
    state: z.enum(bulkEditStates),
    segmentId: id.nullable(),
    edit: contactEdit.meta({ example: { addTags: ['baku'] } }),
    matched: z
      .number()
      .int()
      .meta({ description: 'Contacts that the rule picked when it began; nobody joins or leaves them later' }),
    edited: z.number().int(),
    gone: z.number().int().meta({ description: 'Erased before their turn came' }),
    error: z.string().nullable(),
    createdBy: z.string(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'BulkEdit' });
export const bulkEditPage = pageOf(bulkEditView).meta({ id: 'BulkEditPage' });
export const bulkEditQuery = z.strictObject({ ...pageQuery });

export const bulkEditPlan = z
  .object({ matched: z.number().int().meta({ description: 'Contacts it would change now', example: 1204 }), summary: z.string() })
  .meta({ id: 'BulkEditPlan' });

export type ContactEdit = z.infer<typeof contactEdit>;
export type CreateBulkEdit = z.infer<typeof createBulkEdit>;
export type BulkEditView = z.infer<typeof bulkEditView>;
export type BulkEditPlan = z.infer<typeof bulkEditPlan>;

function isSomething(body: object): boolean {
  return Object.values(body).some(value => value !== undefined);
}
