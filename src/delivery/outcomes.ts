/**
 * What follows from what a gateway said: the one table. Adapters classify (GatewayError.kind), this decides, the ledger
 * moves. Pure.
 */
import type { GatewayErrorKind } from '../domain/message/gateway-errors.js';
import type { MessageState } from '../domain/message/states.js';
import { GatewayError } from '../gateways/gateway-error.js';
import type { Accepted } from '../gateways/sms.gateway.js';
import type { Move } from '../messages/move.sql.js';

type Consequence = {
  to: MessageState;
  /** Counts into the streak after which a dispatch pauses itself. */
  isOurTrouble: boolean;
  /** Tries after which `planned` becomes `failed`. */
  maxAttempts?: number;
  suppress?: boolean;
  /** Pause the dispatch at once: the next message would fare no better. */
  pause?: boolean;
};

export const consequences: Record<GatewayErrorKind, Consequence> = {
  retryable: { to: 'planned', isOurTrouble: true, maxAttempts: 6 },
  throttled: { to: 'planned', isOurTrouble: false },
  rejected: { to: 'failed', isOurTrouble: false },
  'opted-out': { to: 'failed', isOurTrouble: false, suppress: true },
  misconfigured: { to: 'planned', isOurTrouble: true, pause: true },
  unknown: { to: 'unknown', isOurTrouble: true },
};

/** Errors in a row, over all workers, after which a dispatch pauses itself and says why. */
export const streakLimit = 100;

/** Wait before try 2, doubled for each further one; the cap keeps a long outage from postponing for hours. */
const firstRetryMs = 10_000;
const longestRetryMs = 15 * 60_000;

export type Sent =
  | { contactId: string; address: string; attempt: number; accepted: Accepted }
  | { contactId: string; address: string; attempt: number; error: GatewayError };

/** The ledger move for one message of a wave. `attempt` is the number of the try that just ended, from 1. */
export function toMove(sent: Sent, now: Date): Move {
  const { contactId, attempt } = sent;
  if ('accepted' in sent) return { contactId, attempt, to: 'sent', at: now, ...sent.accepted };
  const { error } = sent;
  const consequence = consequences[error.kind];
  const isSpent = consequence.maxAttempts !== undefined && attempt >= consequence.maxAttempts;
  const to = isSpent ? 'failed' : consequence.to;
  return {
    contactId,
    attempt,
    to,
    // Only an error that has a limit of tries uses one up: a gateway that throttles for hours fails nobody.
    isFreeTry: to === 'planned' && consequence.maxAttempts === undefined,
    sendAfter: to === 'planned' ? new Date(now.getTime() + retryDelayMs(error, attempt)) : undefined,
    errorKind: error.kind,
    errorCode: error.code,
    errorDetail: error.message,
  };
}

function retryDelayMs(error: GatewayError, attempt: number): number {
  return error.retryAfterMs ?? Math.min(longestRetryMs, firstRetryMs * 2 ** Math.max(0, attempt - 1));
}

/** An adapter that throws anything else has a bug; whether the message left is then not known. */
export function asGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('unknown', `The gateway adapter failed: ${(thrown as Error).message}`, { cause: thrown });
}
