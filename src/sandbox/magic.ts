/**
 * Recipients for whom the sandbox acts out what networks do to others. Phones: any number that starts with +1 500 (a code nobody's phone has)
 * by its last four digits; mailboxes: by the name before "@" or "+". Everybody else gets the message and a receipt that says so. Pure.
 *
 *   +1 500 … 0001  undelivered@…  taken, then undelivered: the phone is off (30003)
 *   +1 500 … 0002  reject@…       refused at once: no such number (21211), no such user (550 5.1.1)
 *   +1 500 … 0003  noanswer@…     taken, but the connection breaks before the answer; the receipt settles it
 *   +1 500 … 0004                 refused at once: opted out at the provider (21610)
 *   +1 500 … 0005  bounce@…       taken, then it turns out that there is nobody (30005, 550 5.1.1): the address gets suppressed
 *   +1 500 … 0006  noreceipt@…    taken, and no receipt ever
 *   +1 500 … 0007  filtered@…     taken, then failed: a filter took it for spam (30007, 550 5.7.1)
 *   +1 500 … 0008  defer@…        refused for now, every time (20503, 451 4.7.1)
 */
import type { Channel } from '../domain/ids.js';

export type SandboxReceipt = { status: 'delivered' | 'undelivered' | 'bounced' | 'failed'; errorCode?: string };

export type SandboxOutcome = {
  /** Refused at once with this code. */
  refusal?: string;
  /** Stored, but the caller never hears of it. */
  isAnswerLost?: boolean;
  /** null: none comes. */
  receipt: SandboxReceipt | null;
};

const delivered: SandboxOutcome = { receipt: { status: 'delivered' } };

const phones: Record<string, SandboxOutcome> = {
  '0001': { receipt: { status: 'undelivered', errorCode: '30003' } },
  '0002': { refusal: '21211', receipt: null },
  '0003': { ...delivered, isAnswerLost: true },
  '0004': { refusal: '21610', receipt: null },
  '0005': { receipt: { status: 'undelivered', errorCode: '30005' } },
  '0006': { receipt: null },
  '0007': { receipt: { status: 'failed', errorCode: '30007' } },
  '0008': { refusal: '20503', receipt: null },
};

const mailboxes: Record<string, SandboxOutcome> = {
  undelivered: { receipt: { status: 'undelivered', errorCode: '450 4.2.2' } },
  reject: { refusal: '550 5.1.1', receipt: null },
  noanswer: { ...delivered, isAnswerLost: true },
  bounce: { receipt: { status: 'bounced', errorCode: '550 5.1.1' } },
  noreceipt: { receipt: null },
  filtered: { receipt: { status: 'failed', errorCode: '550 5.7.1' } },
  defer: { refusal: '451 4.7.1', receipt: null },
};

export function outcomeFor(channel: Channel, recipient: string): SandboxOutcome {
  if (channel === 'sms') return (recipient.startsWith('+1500') && phones[recipient.slice(-4)]) || delivered;
  const name = recipient.split(/[@+]/, 1)[0]?.toLowerCase() ?? '';
  return (Object.hasOwn(mailboxes, name) && mailboxes[name]) || delivered;
}
