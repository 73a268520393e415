/**
 * The life of one message of the ledger. The SQL guard of `move` is derived from this table, so a state change that is
 * not written here cannot happen. Two exits look like exceptions and are meant: a delivered mail may still bounce, and
 * an operator may retry a failed message.
 */
import { defineStates } from '../state-machine.js';

export const messageTransitions = {
  /** Frozen, waiting for its hour (`send_after`), its pace or a cap that will free. */
  planned: ['claimed', 'sending', 'refused', 'canceled', 'expired'],
  /** Leased by a worker of an older version, which takes this step on the way; nothing has left the house. Planned again when that worker ends. */
  claimed: ['sending', 'refused', 'canceled', 'planned'],
  /** On the wire. Back to planned only when the provider surely did not take it. */
  sending: ['sent', 'delivered', 'undelivered', 'bounced', 'failed', 'unknown', 'planned'],
  /** The process died, or no answer came, while on the wire. Back to planned only under a `resend` policy. */
  unknown: ['sent', 'delivered', 'undelivered', 'bounced', 'failed', 'planned'],
  /** Taken by the provider. */
  sent: ['delivered', 'undelivered', 'bounced', 'failed'],
  delivered: ['bounced'],
  /** Planned again only by an operator's retry. */
  failed: ['planned'],
  undelivered: [],
  bounced: [],
  refused: [],
  canceled: [],
  expired: [],
} as const;

export type MessageState = keyof typeof messageTransitions;

export const messageStates = defineStates(messageTransitions);

/** For the guard of `move`: the states a row may be in to become `to`. */
export const statesBefore = (to: MessageState): MessageState[] => [...messageStates.before(to)];
