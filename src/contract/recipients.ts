// Recipients of a campaign: one row of the ledger each, with what became of it.
import { z } from 'zod';
import { refusals } from '../domain/message/refusals.js';
import { messageStates } from '../domain/message/states.js';
import { id } from '../domain/scalars.js';
import { idParams, channel, instant, pageOf, pageQuery } from './common.js';

const refusal = z.enum(Object.keys(refusals) as [keyof typeof refusals, ...(keyof typeof refusals)[]]);
const state = z.enum(messageStates.all);

const filter = {
  state: state.optional().meta({ description: 'Only messages in this state', example: 'failed' }),
  refusal: refusal.optional().meta({ description: 'Only those that are not sent for this reason', example: 'no-consent' }),
};
export const recipientFilter = z.strictObject(filter);
export const recipientQuery = z.strictObject({ ...pageQuery, ...filter });
export const recipientParams = z.strictObject({
  ...idParams.shape,
  contactId: id.meta({ description: 'The id of the contact', example: '42' }),
});

const shown = {
  contactId: id,
  dispatchId: id.meta({ description: 'The run of the campaign' }),
  name: z.string().nullable(),
  address: z.string().nullable().meta({ description: 'Where it went or would have gone; null once the contact was erased' }),
  state,
  refusal: refusal.nullable().meta({ description: 'Why it is not sent' }),
  error: z
    .object({ kind: z.string().nullable(), code: z.string().nullable(), detail: z.string().nullable() })
    .nullable()
    .meta({ description: 'What the gateway said of the last try, or the provider’s receipt' }),
  attempt: z.number().int().meta({ description: 'Tries so far' }),
  parts: z.number().int().nullable().meta({ description: 'Parts of an SMS' }),
  variant: z.string().nullable(),
  sendAfter: instant.nullable().meta({ description: 'When it is due, while it waits' }),
  sentAt: instant.nullable().meta({ description: 'When the provider took it' }),
  updatedAt: instant,
};

export const recipientView = z.object(shown).meta({ id: 'Recipient' });
export const recipientPage = pageOf(recipientView).meta({ id: 'RecipientPage' });

const content = z.object({
  channel,
  subject: z.string().nullable().meta({ description: 'Of an email' }),
  html: z.string().nullable().meta({ description: 'Of an email' }),
  text: z.string().meta({ example: 'Hi Aino, the autumn sale begins today' }),
});

export const recipientDetail = z
  .object({
    ...shown,
    content: content
      .nullable()
      .meta({ description: 'As it was sent, but for the unsubscribe link; null until it leaves, and once erased' }),
    events: z
      .array(z.object({ kind: z.string(), at: instant, isMachine: z.boolean(), link: z.string().nullable() }))
      .meta({ description: 'What the recipient did with it, oldest first' }),
  })
  .meta({ id: 'RecipientDetail' });

export type RecipientFilter = z.infer<typeof recipientFilter>;
export type RecipientQuery = z.infer<typeof recipientQuery>;
export type RecipientView = z.infer<typeof recipientView>;
export type RecipientDetail = z.infer<typeof recipientDetail>;
