/** A stored receipt as the ledger takes it. Pure. */
import type { Channel } from '../domain/ids.js';
import type { FormParams } from '../gateways/twilio-signature.js';
import type { Receipt } from '../messages/messages.service.js';

/** Twilio's statuses; those before `sent` say nothing we do not know, and so does a word we do not know. */
const states: Record<string, Receipt['state']> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  partially_delivered: 'delivered',
  undelivered: 'undelivered',
  bounced: 'bounced',
  failed: 'failed',
  canceled: 'failed',
};

/** What a receipt token names. */
export type ReceiptToken = {
  workspaceId: string;
  dispatchId: string;
  contactId: string;
  channel: Channel;
  step: number;
  gatewayId: string;
};

/** From the signed parts [workspace, dispatch, contact, channel, step, gateway]. */
export function toReceiptToken(parts: readonly string[]): ReceiptToken | null {
  const [workspaceId, dispatchId, contactId, channel, step, gatewayId] = parts;
  if (parts.length !== 6 || !workspaceId || !dispatchId || !contactId || !step || !gatewayId) return null;
  if (channel !== 'sms' && channel !== 'email') return null;
  return { workspaceId, dispatchId, contactId, channel, step: Number(step), gatewayId };
}

/** Null for news that moves nothing. */
export function readReceipt(
  { dispatchId, contactId, channel, step }: ReceiptToken,
  payload: FormParams,
  at: Date,
): Receipt | null {
  const status = first(payload['MessageStatus']) ?? first(payload['SmsStatus']) ?? '';
  if (!Object.hasOwn(states, status)) return null;
  return {
    dispatchId,
    contactId,
    channel,
    step,
    state: states[status] ?? 'sent',
    providerId: first(payload['MessageSid']) ?? null,
    errorCode: first(payload['ErrorCode']) ?? null,
    at,
  };
}

export function first(value: string | string[] | undefined): string | undefined {
  const text = Array.isArray(value) ? value[0] : value;
  return text === '' ? undefined : text;
}
