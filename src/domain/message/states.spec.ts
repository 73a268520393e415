import { reachableFrom } from '../state-machine.js';
import { messageStates, messageTransitions, statesBefore } from './states.js';

describe('message states', () => {
  test('every state is reachable from planned', () => {
    expect([...reachableFrom(messageStates, 'planned')].sort()).toEqual([...messageStates.all].sort());
  });

  test('exactly the final states have no exit', () => {
    expect(messageStates.all.filter(state => messageStates.isFinal(state))).toEqual([
      'undelivered',
      'bounced',
      'refused',
      'canceled',
      'expired',
    ]);
  });

  test('the only ways on from a settled message are the late bounce and the operator’s retry', () => {
    expect(messageTransitions.delivered).toEqual(['bounced']);
    expect(messageTransitions.failed).toEqual(['planned']);
  });

  test.each([
    ['claimed', ['planned']],
    ['sending', ['planned', 'claimed']],
    ['unknown', ['sending']],
    ['sent', ['sending', 'unknown']],
    ['delivered', ['sending', 'unknown', 'sent']],
    ['bounced', ['sending', 'unknown', 'sent', 'delivered']],
    ['planned', ['claimed', 'sending', 'unknown', 'failed']],
    ['refused', ['planned', 'claimed']],
    ['canceled', ['planned', 'claimed']],
    ['expired', ['planned']],
  ] as const)('%s is only reached from %j', (to, from) => {
    expect(statesBefore(to)).toEqual(from);
  });

  test('a receipt cannot take back an end: delivered never becomes sent, bounced never delivered', () => {
    expect(messageStates.canMove('delivered', 'sent')).toBe(false);
    expect(messageStates.canMove('bounced', 'delivered')).toBe(false);
    expect(messageStates.canMove('sent', 'planned')).toBe(false);
  });

  test('what is on the wire cannot be refused or canceled any more', () => {
    for (const state of ['sending', 'unknown', 'sent'] as const) {
      expect(messageStates.canMove(state, 'canceled')).toBe(false);
      expect(messageStates.canMove(state, 'refused')).toBe(false);
    }
  });
});
