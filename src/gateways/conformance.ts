/**
 * What every adapter must do, as data: how its peer behaves and what must come of one send. Specs run the whole list against each adapter with its
 * real protocol peer (test/support); an adapter that skips a case says why. Adding a gateway starts with passing this list.
 */
import type { GatewayErrorKind } from '../domain/message/gateway-errors.js';

/** What a peer can be told to do with the next messages. */
export const peerBehaviours = [
  'accept',
  'reject-recipient',
  'throttle',
  'fail-for-now',
  'refuse-credentials',
  'drop-before-hand-off',
  'drop-after-hand-off',
  'never-answer',
  'not-listening',
] as const;

export type PeerBehaviour = (typeof peerBehaviours)[number];

export type ConformanceCase = {
  /** Ends the sentence "the adapter …". */
  name: string;
  peer: PeerBehaviour;
  /** 'accepted', or the kind of GatewayError. */
  expected: 'accepted' | GatewayErrorKind;
  /** How often the peer must have got the whole message; what it surely did not take it must not have, what is unknown it may have. */
  taken: 0 | 1;
};

export const conformance: readonly ConformanceCase[] = [
  { name: 'returns the provider’s id for what was taken', peer: 'accept', expected: 'accepted', taken: 1 },
  { name: 'tells a recipient that is refused from trouble of ours', peer: 'reject-recipient', expected: 'rejected', taken: 0 },
  { name: 'says how long to wait when it was too fast', peer: 'throttle', expected: 'throttled', taken: 0 },
  { name: 'knows a passing trouble', peer: 'fail-for-now', expected: 'retryable', taken: 0 },
  { name: 'knows wrong credentials', peer: 'refuse-credentials', expected: 'misconfigured', taken: 0 },
  {
    name: 'may try again when the connection broke before the message left',
    peer: 'drop-before-hand-off',
    expected: 'retryable',
    taken: 0,
  },
  {
    name: 'does not know when the connection broke after the message left',
    peer: 'drop-after-hand-off',
    expected: 'unknown',
    taken: 1,
  },
  { name: 'does not know when no answer came in time', peer: 'never-answer', expected: 'unknown', taken: 1 },
  { name: 'may try again when nobody listens', peer: 'not-listening', expected: 'retryable', taken: 0 },
];
