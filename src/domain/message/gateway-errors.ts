/**
 * The six kinds of gateway error. An adapter classifies once, from its provider's own codes; what follows from a kind
 * (retry, delay, fail, suppress, pause, ask) is decided in one table in delivery.
 */
export const gatewayErrorKinds = {
  retryable: 'Surely not taken; a later attempt may work (connection refused, 5xx before acceptance, queue full).',
  throttled: 'Surely not taken because we are too fast; wait as long as the provider says, without using up an attempt.',
  rejected: 'Refused for this message or this recipient; another attempt would be refused too.',
  'opted-out': 'The provider says that this recipient has opted out; the address is to be suppressed.',
  misconfigured: 'Refused for every message alike (credentials, sender, account, balance); the dispatch is to pause.',
  unknown: 'It may or may not have been taken (no answer while on the wire); never to be resent blindly.',
} as const;

export type GatewayErrorKind = keyof typeof gatewayErrorKinds;
