// Templates: what we say. SMS text or an HTML email, each change of content a new version that never changes again.
import { z } from 'zod';
import { id, text } from '../domain/scalars.js';
import { archived, channel, idParams, instant, name, pageOf, pageQuery } from './common.js';
import { languageTag } from './places.js';

/** UTF-16 units. An SMS of 1600 characters may come from a longer source with conditions in it. */
const smsBody = text(10_000)
  .min(1)
  .refine(isNotBlank, 'Must not be blank')
  .meta({ example: 'Hi {{default firstName "there"}}, 20% off until Sunday.' });
const subject = text(1_000)
  .min(1)
  .refine(isNotBlank, 'Must not be blank')
  .meta({ example: '{{firstName}}, your order is on its way' });
const preheader = text(1_000).meta({ description: 'The line an inbox shows after the subject. Hidden in the mail itself.' });
/** Below the cap of domain/template, so that the preheader still fits in. */
const html = text(190_000).min(1).refine(isNotBlank, 'Must not be blank').meta({ example: '<p>Hello {{firstName}}</p>' });
const textBody = text(190_000).meta({ description: 'The text alternative. Made from the HTML while it is null.' });

const mjml = text(190_000).min(1).refine(isNotBlank, 'Must not be blank').meta({
  description: 'Instead of html: made HTML when it is saved. Expressions outside of text stand in an <mj-raw> of their own',
  example:
    '<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{firstName}}</mj-text></mj-column></mj-section></mj-body></mjml>',
});

const smsContent = { channel: z.literal('sms'), body: smsBody };
const emailContent = {
  channel: z.literal('email'),
  subject,
  preheader: preheader.nullable().default(null),
  html: html.nullable().default(null),
  mjml: mjml.nullable().default(null),
  text: textBody.nullable().default(null),
};
/** One of the two, not both. */
const hasOneBody = (email: { html?: string | null; mjml?: string | null }): boolean =>
  (typeof email.html === 'string') !== (typeof email.mjml === 'string');
const oneBody = { path: ['html'], message: 'An email has either html or mjml' };

export const createTemplate = z
  .discriminatedUnion('channel', [
    z.strictObject({ name, ...smsContent }),
    z.strictObject({ name, ...emailContent }).refine(hasOneBody, oneBody),
  ])
  .meta({
    id: 'CreateTemplate',
    examples: [
      {
        name: 'Autumn sale',
        channel: 'sms',
        body: 'Hi {{default firstName "there"}}, 20% off until Sunday. Reply STOP to opt out.',
      },
      {
        name: 'Autumn sale by mail',
        channel: 'email',
        subject: '{{default firstName "Hello"}}, 20% off until Sunday',
        preheader: 'On everything warm',
        html: '<p>Hi {{default firstName "there"}}, everything warm is 20% off.</p><p><a href="{{unsubscribeUrl}}">Unsubscribe</a></p>',
      },
    ],
  });

/** What is not sent stays as it is; null takes the preheader away, or the text back to the one made from the HTML. Of HTML and MJML the one that is null says nothing. */
export const updateTemplate = z
  .strictObject({
    name: name.optional(),
    body: smsBody.optional(),
    subject: subject.optional(),
    preheader: preheader.nullable().optional(),
    html: html.nullable().optional().meta({ description: 'Takes the place of the MJML, if there is any' }),
    mjml: mjml.nullable().optional(),
    text: textBody.nullable().optional(),
  })
  .refine(change => !change.html || !change.mjml, oneBody)
  .meta({
    id: 'UpdateTemplate',
    examples: [{ name: 'Autumn sale, shorter', body: '20% off until Sunday. Reply STOP to opt out.' }],
  });

const smsParts = z.object({ channel: z.literal('sms'), body: z.string() });
const emailParts = z.object({
  channel: z.literal('email'),
  subject: z.string(),
  preheader: z.string().nullable(),
  html: z.string().nullable().meta({ description: 'null where the mail is written in MJML' }),
  mjml: z.string().nullable(),
  text: z.string(),
  isTextGenerated: z.boolean(),
});

export const templateContent = z.discriminatedUnion('channel', [smsParts, emailParts]).meta({ id: 'TemplateContent' });

/** The same message in another language. */
export const localeContent = z
  .discriminatedUnion('channel', [z.strictObject(smsContent), z.strictObject(emailContent).refine(hasOneBody, oneBody)])
  .meta({
    id: 'TemplateLocaleContent',
    examples: [{ channel: 'sms', body: 'Hei {{default firstName "siellä"}}, -20 % sunnuntaihin.' }],
  });

export const templateLocale = z
  .object({
    locale: languageTag,
    isComplete: z.boolean().meta({ description: 'It has every part the default has' }),
    missing: z.array(z.string()).meta({ description: 'Parts that only the default has', example: ['preheader'] }),
    isBehind: z.boolean().meta({ description: 'The default was written anew after it' }),
    writtenAt: instant,
  })
  .meta({ id: 'TemplateLocale' });
export const templateLocaleView = z
  .object({ ...templateLocale.shape, version: z.number().int(), fields: z.array(z.string()), content: templateContent })
  .meta({ id: 'TemplateLocaleView' });
export const localeParams = z.strictObject({
  ...idParams.shape,
  locale: languageTag.meta({ description: 'A language tag of BCP 47' }),
});

const summary = {
  id,
  name: z.string(),
  channel,
  version: z.number().int(),
  fields: z.array(z.string()).meta({ description: 'Merge fields it uses', example: ['firstName', 'attributes.plan'] }),
  locales: z.array(templateLocale).meta({ description: 'Languages beside the default' }),
  partials: z.array(z.string()).meta({ description: 'Partials copied into it' }),
  createdAt: instant,
  updatedAt: instant,
  archivedAt: instant.nullable(),
};

export const templateSummary = z.object(summary).meta({ id: 'TemplateSummary' });
export const templateView = z.object({ ...summary, content: templateContent }).meta({ id: 'Template' });
export const templatePage = pageOf(templateSummary).meta({ id: 'TemplatePage' });

export const templateQuery = z.strictObject({
  ...pageQuery,
  channel: channel.optional(),
  archived,
});

export const templateVersion = z
  .object({
    version: z.number().int(),
    fields: z.array(z.string()),
    locales: z.array(templateLocale),
    partials: z.array(z.string()),
    content: templateContent,
    createdBy: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'TemplateVersion' });
export const templateVersionPage = pageOf(templateVersion).meta({ id: 'TemplateVersionPage' });
export const templateVersionQuery = z.strictObject({ ...pageQuery });

const mergeValue = z.union([text(2_000), z.number(), z.boolean(), z.null(), z.array(text(500)).max(100)]);
const previewAs = {
  locale: languageTag.optional().meta({ description: 'As a reader of this language; without it the locale of the contact' }),
  contactId: id.optional().meta({ description: 'Fill the merge fields from this contact' }),
  values: z
    .object({ attributes: z.record(text(64), mergeValue).optional() })
    .catchall(mergeValue)
    .optional()
    .meta({ description: 'Merge values by name; they win over those of the contact', example: { firstName: 'Aino' } }),
};

export const previewSaved = z
  .strictObject({ ...previewAs, version: z.number().int().min(1).max(1_000_000_000).optional() })
  .meta({ id: 'PreviewSavedTemplate', examples: [{ contactId: '42' }, { values: { firstName: 'Aino' }, version: 1 }] });

export const previewUnsaved = z
  .discriminatedUnion('channel', [
    z.strictObject({ ...smsContent, ...previewAs }),
    z.strictObject({ ...emailContent, ...previewAs }).refine(hasOneBody, oneBody),
  ])
  .meta({
    id: 'PreviewTemplate',
    examples: [{ channel: 'sms', body: 'Hi {{firstName}}, 20% off until Sunday.', values: { firstName: 'Aino' } }],
  });

const messageClass = z
  .enum(['marketing', 'transactional'])
  .default('marketing')
  .meta({ description: 'What it will be sent as: marketing needs a way out' });
export const lintedContent = z.discriminatedUnion('channel', [
  z.strictObject({ ...smsContent, class: messageClass }),
  z.strictObject({ ...emailContent, class: messageClass }).refine(hasOneBody, oneBody),
]);

const missing = z.array(z.string()).meta({ description: 'Merge fields without a value: they render as nothing' });

const shownLocale = z.string().nullable().meta({ description: 'The language that was chosen; null: the default' });

const smsPreview = z.object({
  channel: z.literal('sms'),
  locale: shownLocale,
  text: z.string(),
  encoding: z.enum(['gsm7', 'ucs2']),
  parts: z.number().int(),
  units: z.number().int().meta({ description: 'Septets (gsm7) or UTF-16 units (ucs2)' }),
  left: z.number().int().meta({ description: 'Units left in the last part' }),
  offenders: z
    .array(z.object({ char: z.string(), index: z.number().int() }))
    .meta({ description: 'Characters outside GSM-7 that make the message UCS-2: each once, at most twenty' }),
  missing,
});

const emailPreview = z.object({
  channel: z.literal('email'),
  locale: shownLocale,
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  htmlBytes: z.number().int().meta({ description: 'Gmail cuts a mail off beyond some 102 000 bytes of HTML' }),
  textBytes: z.number().int(),
  missing,
});

export const templatePreview = z.discriminatedUnion('channel', [smsPreview, emailPreview]).meta({ id: 'TemplatePreview' });

export type CreateTemplate = z.infer<typeof createTemplate>;
export type UpdateTemplate = z.infer<typeof updateTemplate>;
export type TemplateContent = z.infer<typeof templateContent>;
export type TemplateSummary = z.infer<typeof templateSummary>;
export type TemplateView = z.infer<typeof templateView>;
export type LocaleContent = z.infer<typeof localeContent>;
export type TemplateLocale = z.infer<typeof templateLocale>;
export type TemplateLocaleView = z.infer<typeof templateLocaleView>;
export type TemplateQuery = z.infer<typeof templateQuery>;
export type TemplateVersionView = z.infer<typeof templateVersion>;
export type PreviewSaved = z.infer<typeof previewSaved>;
export type PreviewUnsaved = z.infer<typeof previewUnsaved>;
export type TemplatePreview = z.infer<typeof templatePreview>;

function isNotBlank(value: string): boolean {
  return value.trim() !== '';
}
