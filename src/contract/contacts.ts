// Contacts, their consents and suppressions, lists and tags, and their history as the API takes and shows them.
import { z } from 'zod';
import { id, text, topic } from '../domain/scalars.js';
import { channel, instant, name, pageOf, pageQuery } from './common.js';
import { attributes, settableFields, shownFields } from './contact-fields.js';
import { jsonObject } from './json.js';
import { isoCountry } from './places.js';

const phoneText = text(100).min(1).meta({ example: '+358 40 123 4567', description: 'In any spelling; stored as E.164' });
const emailText = text(320).min(1).meta({ example: 'aino@example.com' });
const outsideId = text(200).trim().min(1);
const label = text(100).trim().min(1);
const defaultCountry = isoCountry.meta({
  description: 'Whose national spelling phones are in; else the workspace default',
});

/** Consent */
export const consentInput = z
  .strictObject({
    channel,
    topic,
    state: z.enum(['granted', 'withdrawn']),
    source: label.meta({ example: 'checkout-form', description: 'Where the person said so' }),
    legalBasis: label.optional(),
    proof: jsonObject(8 * 1024).optional(),
    occurredAt: instant.optional(),
  })
  .meta({
    id: 'ConsentInput',
    examples: [
      {
        channel: 'email',
        topic: 'news',
        state: 'granted',
        source: 'checkout-form',
        proof: { ip: '203.0.113.7' },
        occurredAt: '2026-11-20T17:05:00+02:00',
      },
    ],
  });

export const consentView = z
  .object({
    id,
    channel,
    topic,
    state: z.enum(['granted', 'withdrawn']),
    source: z.string(),
    legalBasis: z.string().nullable(),
    proof: z.record(z.string(), z.unknown()),
    actor: z.string(),
    occurredAt: instant,
    recordedAt: instant,
  })
  .meta({ id: 'Consent' });
export const consentPage = pageOf(consentView).meta({ id: 'ConsentPage' });

/** Contacts */
const contactShape = {
  externalId: outsideId.nullable().optional(),
  email: emailText.nullable().optional(),
  emails: z.array(emailText).max(20).optional(),
  phone: phoneText.nullable().optional(),
  phones: z.array(phoneText).max(20).optional(),
  anonymousId: outsideId.nullable().optional(),
  defaultCountry: defaultCountry.optional(),
  ...settableFields,
  attributes: attributes.optional(),
  consent: z.array(consentInput).max(50).optional(),
  lists: z.array(label).max(50).optional(),
  tags: z.array(label).max(50).optional(),
};

export const upsertContact = z
  .strictObject(contactShape)
  .refine(hasIdentity, 'Must name the contact by at least one of externalId, email, phone and anonymousId')
  .meta({
    id: 'UpsertContact',
    description:
      'What is not sent stays as it is; null clears. The contact is found by externalId, email, phone, anonymousId, in this order.',
    examples: [
      {
        externalId: 'shop-1001',
        email: 'aino@shop.example',
        phone: '+358 40 123 4567',
        firstName: 'Aino',
        city: 'Tampere',
        country: 'FI',
        consent: [{ channel: 'sms', topic: 'news', state: 'granted', source: 'checkout-form' }],
        tags: ['vip'],
      },
    ],
  });
export const updateContact = z
  .strictObject(contactShape)
  .meta({ id: 'UpdateContact', examples: [{ city: 'Helsinki', jobTitle: null }] });

const maxBulk = 1000;
export const bulkUpsert = z
  .strictObject({
    contacts: z
      .array(z.unknown())
      .min(1)
      .max(maxBulk)
      .meta({ description: 'Each like UpsertContact; a bad one does not keep the others out' }),
    defaultCountry: defaultCountry.optional(),
  })
  .meta({
    id: 'BulkUpsert',
    examples: [
      {
        contacts: [
          { email: 'mika@shop.example', firstName: 'Mika' },
          { phone: '(212) 555-0142', firstName: 'Ruth', country: 'US' },
        ],
        defaultCountry: 'US',
      },
    ],
  });

const fieldError = z.object({ pointer: z.string(), message: z.string() });
export const bulkResult = z
  .object({
    created: z.number(),
    updated: z.number(),
    failed: z.number(),
    results: z.array(
      z.object({
        index: z.number(),
        outcome: z.enum(['created', 'updated', 'failed']),
        id: id.optional(),
        code: z.string().optional(),
        detail: z.string().optional(),
        errors: z.array(fieldError).optional(),
      }),
    ),
  })
  .meta({ id: 'BulkResult' });

const groupRef = z.object({ id, name: z.string() });
const reachView = z.object({
  channel,
  address: z.string(),
  isPrimary: z.boolean(),
  state: z.enum(['ok', 'invalid', 'bounced']),
  isSuppressed: z.boolean(),
  topics: z.array(z.string()),
  lineType: z.string().nullable(),
  country: z.string().nullable(),
  areaCode: z.string().nullable(),
  domain: z.string().nullable(),
});

export const contactView = z
  .object({
    id,
    externalId: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    ...shownFields,
    attributes,
    identities: z.array(z.object({ kind: z.enum(['externalId', 'email', 'phone', 'anonymousId']), value: z.string() })),
    reach: z.array(reachView),
    consent: z.array(
      consentView.pick({ channel: true, topic: true, state: true, source: true, legalBasis: true, occurredAt: true }),
    ),
    lists: z.array(groupRef),
    tags: z.array(groupRef),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Contact' });
export const upsertedContact = contactView.extend({ outcome: z.enum(['created', 'updated']) }).meta({ id: 'UpsertedContact' });

export const contactSummary = contactView
  .pick({ id: true, externalId: true, email: true, phone: true, firstName: true, lastName: true, country: true, city: true })
  .extend({ createdAt: instant, updatedAt: instant })
  .meta({ id: 'ContactSummary' });
export const contactPage = pageOf(contactSummary).meta({ id: 'ContactPage' });
export const contactQuery = z.strictObject({
  ...pageQuery,
  search: text(200).optional().meta({
    description:
      'Beginnings of names in any order, a phone in any spelling (at least 4 digits of its beginning or end), the beginning of an email, an external id',
  }),
});

/** Suppressions: one for each address and reason. */
export const suppressionReasons = [
  'stop',
  'unsubscribe',
  'complaint',
  'hard-bounce',
  'invalid',
  'carrier-block',
  'manual',
] as const;

/** Source of what was typed into the sandbox, or refused by its gateway: no word of the person, so theirs takes its place. */
export const sandboxSource = 'sandbox';

export const createSuppression = z
  .strictObject({
    channel,
    address: text(320).min(1),
    reason: z.enum(suppressionReasons).default('manual'),
    source: label.refine(source => source !== sandboxSource, 'Is kept for what the sandbox says').default('api'),
    details: jsonObject(8 * 1024).default({}),
    defaultCountry: defaultCountry.optional(),
  })
  .meta({ id: 'CreateSuppression', examples: [{ channel: 'email', address: 'never@shop.example', details: { ticket: 'T-1' } }] });

export const suppressionView = z
  .object({
    channel,
    address: z.string().nullable().meta({ description: 'null when no contact has it: only its hash is kept' }),
    reason: z.enum([...suppressionReasons, 'erased']),
    source: z.string(),
    details: z.record(z.string(), z.unknown()),
    createdAt: instant,
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'Suppression' });
export const suppressionPage = pageOf(suppressionView).meta({ id: 'SuppressionPage' });

/** A "+" that nobody escaped arrives in a query as a space. */
const addressInQuery = text(320)
  .min(1)
  .overwrite(value => value.replace(/^ (?=\d)/, '+'))
  .meta({ description: 'An email, or a phone in E.164', example: 'blocked@shop.example' });
export const suppressionQuery = z
  .strictObject({ ...pageQuery, channel: channel.optional().meta({ example: 'email' }), address: addressInQuery.optional() })
  .refine(query => query.address === undefined || query.channel !== undefined, {
    path: ['channel'],
    message: 'Must come with address',
  });
export const suppressionKey = z.strictObject({
  channel: channel.meta({ example: 'email' }),
  address: addressInQuery,
  reason: suppressionView.shape.reason
    .optional()
    .meta({ description: 'Only this one of the reasons there are', example: 'manual' }),
});

/** Lists and tags */
export const createList = z
  .strictObject({ name: label, description: text(1000).nullable().optional() })
  .meta({ id: 'CreateList', examples: [{ name: 'Autumn fair', description: 'Who left an address at the fair' }] });
export const updateList = createList.partial().meta({ id: 'UpdateList', examples: [{ name: 'Autumn fair 2026' }] });
export const createTag = z.strictObject({ name: label }).meta({ id: 'CreateTag', examples: [{ name: 'wholesale' }] });
export const groupView = z
  .object({ id, name: z.string(), description: z.string().nullable(), contacts: z.number(), createdAt: instant })
  .meta({ id: 'ListOrTag' });
export const groupPage = pageOf(groupView).meta({ id: 'ListOrTagPage' });
export const members = z
  .strictObject({ contactIds: z.array(id).min(1).max(maxBulk) })
  .meta({ id: 'Members', examples: [{ contactIds: ['42'] }] });
export const membersChanged = z.object({ changed: z.number() }).meta({ id: 'MembersChanged' });

/** Events */
export const eventInput = z
  .strictObject({
    name: name.meta({ example: 'Product Viewed' }),
    at: instant.optional(),
    properties: jsonObject(32 * 1024).default({}),
    messageId: label.optional().meta({ description: 'The same id within 7 days is taken once' }),
  })
  .meta({ id: 'EventInput' });
const maxEvents = 500;
export const recordEventsBody = z.strictObject({ events: z.array(eventInput).min(1).max(maxEvents) }).meta({
  id: 'RecordEvents',
  examples: [
    {
      events: [
        { name: 'Product Viewed', at: '2026-11-21T18:30:00Z', properties: { sku: 'TEA-12', price: 7.5 }, messageId: 'web-9001' },
        { name: 'Cart Abandoned' },
      ],
    },
  ],
});
export const eventsRecorded = z.object({ recorded: z.number(), duplicates: z.number() }).meta({ id: 'EventsRecorded' });
export const eventView = z
  .object({
    id,
    name: z.string(),
    at: instant,
    properties: z.record(z.string(), z.unknown()),
    source: z.string(),
    receivedAt: instant,
  })
  .meta({ id: 'ContactEvent' });
export const eventPage = pageOf(eventView).meta({ id: 'ContactEventPage' });
export const timelineQuery = z.strictObject({
  ...pageQuery,
  name: name.optional().meta({ description: 'Only events of this name', example: 'Product Viewed' }),
});
export const plainPageQuery = z.strictObject({ ...pageQuery });

export type ConsentInput = z.infer<typeof consentInput>;
export type ConsentView = z.infer<typeof consentView>;
export type UpsertContact = z.infer<typeof upsertContact>;
export type UpdateContact = z.infer<typeof updateContact>;
export type BulkUpsert = z.infer<typeof bulkUpsert>;
export type BulkResult = z.infer<typeof bulkResult>;
export type ContactView = z.infer<typeof contactView>;
export type ContactSummary = z.infer<typeof contactSummary>;
export type ContactQuery = z.infer<typeof contactQuery>;
export type SuppressionReason = z.infer<typeof suppressionView>['reason'];
export type CreateSuppression = z.infer<typeof createSuppression>;
export type SuppressionView = z.infer<typeof suppressionView>;
export type SuppressionKey = z.infer<typeof suppressionKey>;
export type SuppressionQuery = z.infer<typeof suppressionQuery>;
export type GroupView = z.infer<typeof groupView>;
export type EventInput = z.infer<typeof eventInput>;
export type RecordEvents = z.infer<typeof recordEventsBody>;
export type EventView = z.infer<typeof eventView>;
export type PageQuery = z.infer<typeof plainPageQuery>;

function hasIdentity(contact: z.infer<z.ZodObject<typeof contactShape>>): boolean {
  const { externalId, email, phone, anonymousId, emails = [], phones = [] } = contact;
  return [externalId, email, phone, anonymousId, ...emails, ...phones].some(value => value != null);
}
