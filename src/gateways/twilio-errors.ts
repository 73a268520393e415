/**
 * Twilio's error codes by what they mean for us, as the create call answers them; unlisted codes go by their HTTP status. Twilio refines
 * codes over time, so the table is data. Some that its pages call "configuration" depend on the recipient (a country that is
 * switched off, a pair of numbers without a route): those are `rejected`, or one such recipient would pause everybody.
 */
import type { GatewayErrorKind } from '../domain/message/gateway-errors.js';
import { GatewayError } from './gateway-error.js';

const codesByKind: Partial<Record<GatewayErrorKind, readonly number[]>> = {
  throttled: [20429, 21611, 14107, 30001],
  retryable: [20500, 20503, 30410],
  rejected: [
    21211, 21214, 21217, 21265, 21266, 21268, 21408, 21602, 21604, 21605, 21608, 21612, 21614, 21617, 21619, 30003, 30004, 30005,
    30006, 30007, 30008,
  ],
  'opted-out': [21610],
  misconfigured: [
    20003, 20005, 20404, 20008, 21212, 21603, 21606, 21607, 21609, 21618, 21659, 21660, 21661, 21703, 21704, 21705, 30002, 30010,
    30022, 30023, 30027, 30032, 30034, 63038,
  ],
};

const kinds = new Map(
  Object.entries(codesByKind).flatMap(([kind, codes]) => codes.map(code => [code, kind as GatewayErrorKind])),
);

/** The sender's own queue at Twilio is full (up to ten hours of it): asking again within a minute only costs requests. */
const fullQueueMs = 60_000;
const waits: Record<number, number> = { 21611: fullQueueMs, 30001: fullQueueMs };

type Answer = { status: number; body: unknown; retryAfter: string | undefined };

export function twilioError({ status, body, retryAfter }: Answer): GatewayError {
  const { code, message } = readBody(body);
  const kind = (code === null ? undefined : kinds.get(code)) ?? kindOfStatus(status);
  const detail = message ?? `Twilio answered HTTP ${status}`;
  const retryAfterMs = secondsToMs(retryAfter) ?? (code === null ? undefined : waits[code]);
  return new GatewayError(kind, detail, { code: String(code ?? `HTTP ${status}`), retryAfterMs });
}

/** A 5xx without a code of Twilio's own comes from something on the way, which may have passed the request on; with 503 it says that it did not. */
function kindOfStatus(status: number): GatewayErrorKind {
  if (status === 401 || status === 403 || status === 404) return 'misconfigured';
  if (status === 429) return 'throttled';
  if (status === 503) return 'retryable';
  if (status >= 500 || status === 408 || status < 400) return 'unknown';
  return 'rejected';
}

function readBody(body: unknown): { code: number | null; message: string | null } {
  const { code, message } = (typeof body === 'object' && body !== null ? body : {}) as { code?: unknown; message?: unknown };
  return { code: typeof code === 'number' ? code : null, message: typeof message === 'string' ? message : null };
}

function secondsToMs(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}
