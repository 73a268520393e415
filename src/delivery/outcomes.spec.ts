import { gatewayErrorKinds, type GatewayErrorKind } from '../domain/message/gateway-errors.js';
import { messageStates } from '../domain/message/states.js';
import { GatewayError } from '../gateways/gateway-error.js';
import { asGatewayError, consequences, toMove } from './outcomes.js';

const now = new Date('2026-03-01T12:00:00Z');
const base = { contactId: '7', address: '+15005550001' };
const failing = (kind: GatewayErrorKind, attempt = 1, retryAfterMs?: number) =>
  toMove({ ...base, attempt, error: new GatewayError(kind, 'no', { code: 'X1', retryAfterMs }) }, now);

test('every kind of error has a consequence that the state table allows', () => {
  for (const kind of Object.keys(gatewayErrorKinds) as GatewayErrorKind[])
    expect(messageStates.canMove('sending', consequences[kind].to)).toBe(true);
});

test('an accepted message is sent, with the provider’s id', () => {
  expect(toMove({ ...base, attempt: 1, accepted: { providerId: 'SM1', billedParts: 2 } }, now)).toEqual({
    contactId: '7',
    attempt: 1,
    to: 'sent',
    at: now,
    providerId: 'SM1',
    billedParts: 2,
  });
});

test('a retryable error waits twice as long each time and fails after the sixth try', () => {
  const waits = [1, 2, 3].map(attempt => (failing('retryable', attempt).sendAfter?.getTime() ?? 0) - now.getTime());
  expect(waits).toEqual([10_000, 20_000, 40_000]);
  expect(failing('retryable', 5).to).toBe('planned');
  expect(failing('retryable', 6)).toMatchObject({ to: 'failed', errorKind: 'retryable', errorCode: 'X1' });
});

test('a throttled message waits as long as the provider says, however often', () => {
  expect(failing('throttled', 50, 3_000)).toMatchObject({ to: 'planned', sendAfter: new Date(now.getTime() + 3_000) });
});

test('only an error with a limit of tries uses one up', () => {
  expect(failing('throttled').isFreeTry).toBe(true);
  expect(failing('misconfigured').isFreeTry).toBe(true);
  expect(failing('retryable').isFreeTry).toBe(false);
  expect(failing('retryable', 6).isFreeTry).toBe(false);
});

test('an unanswered hand-off is unknown, never planned again by itself', () => {
  expect(failing('unknown')).toMatchObject({ to: 'unknown', sendAfter: undefined });
});

test('a bug in an adapter counts as not knowing', () => {
  expect(asGatewayError(new TypeError('oops')).kind).toBe('unknown');
});
