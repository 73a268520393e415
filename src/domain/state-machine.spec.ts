import { defineStates, reachableFrom } from './state-machine.js';

const lamp = defineStates({ off: ['on'], on: ['off', 'broken'], broken: [] });

describe('state machine', () => {
  test('reads moves, predecessors and ends off the table', () => {
    expect(lamp.all).toEqual(['off', 'on', 'broken']);
    expect(lamp.canMove('off', 'on')).toBe(true);
    expect(lamp.canMove('off', 'broken')).toBe(false);
    expect(lamp.before('off')).toEqual(['on']);
    expect(lamp.isFinal('broken')).toBe(true);
    expect(lamp.isFinal('on')).toBe(false);
  });

  test('finds what cannot be reached', () => {
    const states = defineStates({ start: ['end'], end: [], orphan: ['end'] });
    expect([...reachableFrom(states, 'start')]).toEqual(['start', 'end']);
  });

  test('refuses a table that names a state without a row', () => {
    expect(() => defineStates({ start: ['nowhere'] })).toThrow('nowhere');
  });
});
