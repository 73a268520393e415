/**
 * The only thing an adapter throws. It classifies once, from its provider's own codes; what follows from a kind (retry, wait,
 * fail, suppress, pause, ask) is decided in one table in delivery.
 */
import type { GatewayErrorKind } from '../domain/message/gateway-errors.js';

/** Longest provider text kept on a row or in a log. */
const detailLimit = 500;

type Details = { code?: string | undefined; retryAfterMs?: number | undefined; cause?: unknown };

export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  /** The provider's own code ("21211", "550 5.1.1", "ECONNREFUSED"). */
  readonly code: string | undefined;
  /** How long the provider, or our knowledge of it, asks us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly kind: GatewayErrorKind,
    detail: string,
    { code, retryAfterMs, cause }: Details = {},
  ) {
    super(detail.slice(0, detailLimit), { cause });
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** True when the provider cannot have the message, so that sending it again makes no second one. */
  get isSurelyNotTaken(): boolean {
    return this.kind !== 'unknown';
  }
}
