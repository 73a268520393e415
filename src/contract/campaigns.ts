// Campaigns: what is sent, to whom, from whom and when; the verbs that run them; their plan and report.
import { z } from 'zod';
import { parseEmail } from '../domain/email/address.js';
import { campaignStates, dispatchStates } from '../domain/campaign/states.js';
import { gatewayErrorKinds } from '../domain/message/gateway-errors.js';
import { id, text, topic } from '../domain/scalars.js';
import { isLocalTime, shifts } from '../domain/schedule/wall-time.js';
import { archived, channel, instant, name, pageOf, pageQuery } from './common.js';
import { ianaZone } from './places.js';
import { templatePreview } from './templates.js';

/** What SMS networks take as a sender: a number, a short code, up to eleven letters and digits, or a Twilio messaging service. */
const smsFrom = z
  .string()
  .refine(
    from => /^\+[1-9]\d{6,14}$|^\d{3,8}$|^(?=.*[A-Za-z])[A-Za-z0-9 &_.-]{1,11}$|^MG[0-9a-f]{32}$/.test(from),
    'Must be a number in E.164 (+358…), a short code of 3 to 8 digits, or at most 11 letters and digits with a letter among them',
  )
  .meta({ example: '+15550100' });

const mailAddress = z
  .string()
  .max(400)
  .transform((input, context) => {
    const parsed = parseEmail(input);
    if (!('invalid' in parsed)) return parsed.address;
    context.addIssue({ code: 'custom', message: `Must be an email address such as news@shop.example (${parsed.invalid})` });
    return z.NEVER;
  })
  .meta({ example: 'news@shop.example' });

/** Goes into a header: one line. */
const mailName = text(100)
  .trim()
  .min(1)
  .refine(value => !/\p{Cc}/u.test(value), 'Must be one line')
  .meta({ example: 'The Shop' });

const smsSender = z.strictObject({ from: smsFrom });
const emailSender = z.strictObject({ fromName: mailName.optional(), fromAddress: mailAddress, replyTo: mailAddress.optional() });

/** One key each of both: which are allowed depends on the channel the campaign has. null takes a part away. */
const changedSender = z.strictObject({
  from: smsFrom.optional(),
  fromName: mailName.nullable().optional(),
  fromAddress: mailAddress.optional(),
  replyTo: mailAddress.nullable().optional(),
});

const count = z.number().int();
const segmentIds = z.array(id).max(50);
const campaignClass = z.enum(['marketing', 'transactional']);

const variantName = text(50).trim().min(1);
const variant = z.strictObject({
  name: variantName.meta({ example: 'A' }),
  templateId: id,
  share: z.number().int().min(1).max(10_000).default(1).meta({ description: 'Its weight beside the others' }),
});
const variants = z
  .array(variant)
  .max(10)
  .refine(list => list.length !== 1, 'Must be none, or two to ten')
  .refine(list => new Set(list.map(one => one.name.toLowerCase())).size === list.length, 'Each variant needs a name of its own');

const common = {
  name,
  class: campaignClass,
  topic: topic.meta({ description: 'What consent is asked for', example: 'newsletter' }),
  templateId: id.optional().meta({ description: 'What everybody gets; not with variants' }),
  variants: variants
    .default([])
    .meta({ description: 'Two to ten, each for its share of the people; who gets which never changes' }),
  gatewayId: id.nullable().default(null).meta({ description: 'null: the default gateway of the channel at launch' }),
  includeSegmentIds: segmentIds.min(1),
  excludeSegmentIds: segmentIds.default([]),
  endsAt: instant.nullable().default(null).meta({ description: 'What is not sent by then expires' }),
};

export const createCampaign = z
  .discriminatedUnion('channel', [
    z.strictObject({ channel: z.literal('sms'), sender: smsSender, ...common }),
    z.strictObject({ channel: z.literal('email'), sender: emailSender, ...common }),
  ])
  .refine(({ templateId, variants }) => (templateId === undefined) === variants.length > 0, {
    path: ['templateId'],
    message: 'Send either a template or variants',
  })
  .meta({
    id: 'CreateCampaign',
    examples: [
      {
        name: 'Autumn sale by text',
        channel: 'sms',
        class: 'marketing',
        topic: 'news',
        sender: { from: '+12025550100' },
        templateId: '42',
        includeSegmentIds: ['42'],
      },
      {
        name: 'Autumn sale by mail',
        channel: 'email',
        class: 'marketing',
        topic: 'news',
        sender: { fromName: 'The Shop', fromAddress: 'news@shop.example' },
        templateId: '43',
        includeSegmentIds: ['42'],
        endsAt: '2026-12-01T00:00:00Z',
      },
    ],
  });

/** What is not sent stays as it is. */
export const updateCampaign = z
  .strictObject({
    name: name.optional(),
    class: campaignClass.optional(),
    topic: topic.optional(),
    sender: changedSender.optional(),
    templateId: id.optional(),
    variants: variants.optional().meta({ description: 'An empty list takes them away' }),
    gatewayId: id.nullable().optional(),
    includeSegmentIds: segmentIds.min(1).optional(),
    excludeSegmentIds: segmentIds.optional(),
    endsAt: instant.nullable().optional(),
  })
  .meta({ id: 'UpdateCampaign', examples: [{ name: 'Autumn sale, second try', sender: { from: 'TheShop' } }] });

const campaignState = z.enum(campaignStates.all);

export const campaignView = z
  .object({
    id,
    name: z.string(),
    channel,
    class: campaignClass,
    topic: z.string(),
    state: campaignState,
    stateReason: z.string().nullable().meta({ description: 'Why it paused or failed by itself' }),
    sender: z.object({
      from: z.string().optional(),
      fromName: z.string().optional(),
      fromAddress: z.string().optional(),
      replyTo: z.string().optional(),
    }),
    templateId: id.meta({ description: 'That of the first variant where there are variants' }),
    variants: z.array(z.object({ name: z.string(), templateId: id, share: count })),
    gatewayId: id.nullable(),
    includeSegmentIds: z.array(id),
    excludeSegmentIds: z.array(id),
    launchAt: instant.nullable().meta({ description: 'When a scheduled campaign will launch' }),
    launchWall: z
      .object({
        local: z.string().meta({ example: '2026-12-24T09:00' }),
        timeZone: z.string().meta({ example: 'Europe/Helsinki' }),
        shift: z.enum(shifts).nullable(),
      })
      .nullable()
      .meta({
        description:
          'The same as the clock of a place has it, when it was said so. shift gap: the clock leaps over that time, it launches as much later; overlap: the time comes twice, it launches at the first',
      }),
    endsAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
    archivedAt: instant.nullable(),
  })
  .meta({ id: 'Campaign' });
export const campaignPage = pageOf(campaignView).meta({ id: 'CampaignPage' });

export const campaignQuery = z.strictObject({
  ...pageQuery,
  state: campaignState.optional().meta({ description: 'Only those in this state', example: 'draft' }),
  channel: channel.optional(),
  archived,
});

export const launchCampaign = z
  .strictObject({
    at: instant.optional().meta({ description: 'Launch then instead of now' }),
    local: z.string().refine(isLocalTime, 'Must be a local date and time such as 2026-12-24T09:00').optional().meta({
      description:
        'Launch when the clock of timeZone says so. A time it leaps over means as much later as it leaps; of a time that comes twice the first is meant',
      example: '2026-12-24T09:00',
    }),
    timeZone: ianaZone.optional(),
  })
  .refine(({ local, timeZone }) => local === undefined || timeZone !== undefined, {
    path: ['timeZone'],
    message: 'A local time needs the zone of its place',
  })
  .refine(({ local, timeZone }) => timeZone === undefined || local !== undefined, {
    path: ['local'],
    message: 'A zone needs the local time there',
  })
  .refine(({ at, local }) => at === undefined || local === undefined, {
    path: ['at'],
    message: 'Send either an instant or a local time',
  })
  .meta({ id: 'LaunchCampaign', examples: [{}, { at: '2026-11-27T16:00:00Z' }] });

export const duplicateCampaign = z
  .strictObject({ name: name.optional().meta({ description: 'Without it: the name of the first, with (copy)' }) })
  .meta({ id: 'DuplicateCampaign', examples: [{ name: 'Spring sale, second wave' }] });

/** `receipt`: the provider took it and said later that it failed. */
const failure = z.enum([...(Object.keys(gatewayErrorKinds) as (keyof typeof gatewayErrorKinds)[]), 'receipt']);

export const retryCampaign = z
  .strictObject({
    errors: z
      .array(failure)
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'Only what failed for these reasons; receipt: the provider took it and said later that it failed' }),
  })
  .meta({ id: 'RetryCampaign', examples: [{ errors: ['retryable', 'receipt'] }] });

export const retryResult = z
  .object({
    retried: count.meta({ description: 'Messages that wait to be sent again' }),
    errors: z.record(z.string(), count).meta({ description: 'The same by reason of the failure', example: { retryable: 12 } }),
    state: campaignState,
  })
  .meta({ id: 'CampaignRetryResult' });

const refused = z
  .record(z.string(), count)
  .meta({ description: 'People by reason', example: { 'no-consent': 12, suppressed: 3 } });

const planned = {
  matched: count.meta({ description: 'People in the includes and not in the excludes' }),
  refused,
  toSend: count,
};

export const campaignPlan = z
  .object({ ...planned, variants: z.array(z.object({ name: z.string(), ...planned })) })
  .meta({ id: 'CampaignPlan' });

export const testCampaign = z
  .strictObject({
    to: z
      .array(text(400).trim().min(1))
      .min(1)
      .max(10)
      .meta({ example: ['+15550100'] }),
    contactId: id.optional().meta({ description: 'Fill the merge fields from this contact' }),
    variant: variantName.optional().meta({ description: 'Only this variant; without it all of them', example: 'A' }),
  })
  .meta({ id: 'TestCampaign', examples: [{ to: ['+12025550111'], contactId: '42' }] });

export const previewCampaign = z
  .strictObject({
    contactId: id.optional().meta({ description: 'As this contact would get it' }),
    variant: variantName
      .optional()
      .meta({ description: 'Without it the one this contact would get, or the first', example: 'A' }),
  })
  .meta({ id: 'PreviewCampaign', examples: [{ contactId: '42' }] });

export const campaignPreview = z
  .object({ variant: z.string().nullable(), preview: templatePreview })
  .meta({ id: 'CampaignPreview' });

const testResult = z.object({
  to: z.string(),
  variant: z.string().nullable(),
  outcome: z.enum(['sent', 'refused', 'failed']),
  reason: z
    .string()
    .optional()
    .meta({ description: 'Why it was refused (invalid-address, suppressed …) or what the gateway said' }),
  providerId: z.string().optional(),
});
export const testResults = z.object({ results: z.array(testResult) }).meta({ id: 'CampaignTestResults' });

/** matched = Σ refused + planned + inFlight + sent + failed + unknown + canceled + expired. */
const tallies = {
  matched: count,
  refused,
  planned: count.meta({ description: 'Waiting for their hour or their turn' }),
  inFlight: count.meta({ description: 'Held by a worker or on the wire right now' }),
  sent: count.meta({ description: 'Ever taken by the provider, whatever became of them' }),
  delivered: count,
  undelivered: count,
  bounced: count,
  failed: count,
  unknown: count.meta({ description: 'On the wire when a process died or no answer came' }),
  canceled: count,
  expired: count,
  parts: count,
  costMicros: count,
  replied: count.meta({ description: 'People who answered, STOP included' }),
  unsubscribed: count.meta({ description: 'People who took their consent back by its link' }),
};

const dispatchReport = z.object({
  id,
  state: z.enum(dispatchStates.all),
  stateReason: z.string().nullable(),
  createdAt: instant,
  frozenAt: instant.nullable(),
  finishedAt: instant.nullable(),
  ...tallies,
  variants: z.array(z.object({ name: z.string(), templateId: id, templateVersion: count, share: count, ...tallies })),
});

export const campaignReport = z
  .object({
    campaignId: id,
    state: campaignState,
    stateReason: z.string().nullable(),
    dispatches: z.array(dispatchReport).meta({ description: 'One for each run, oldest first' }),
  })
  .meta({ id: 'CampaignReport' });

export type CreateCampaign = z.infer<typeof createCampaign>;
export type UpdateCampaign = z.infer<typeof updateCampaign>;
export type CampaignView = z.infer<typeof campaignView>;
export type CampaignQuery = z.infer<typeof campaignQuery>;
export type DuplicateCampaign = z.infer<typeof duplicateCampaign>;
export type LaunchCampaign = z.infer<typeof launchCampaign>;
export type PreviewCampaign = z.infer<typeof previewCampaign>;
export type CampaignPreview = z.infer<typeof campaignPreview>;
export type RetryCampaign = z.infer<typeof retryCampaign>;
export type RetryResult = z.infer<typeof retryResult>;
export type CampaignPlan = z.infer<typeof campaignPlan>;
export type TestCampaign = z.infer<typeof testCampaign>;
export type TestResults = z.infer<typeof testResults>;
export type TestResult = TestResults['results'][number];
export type CampaignReport = z.infer<typeof campaignReport>;
