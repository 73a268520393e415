import { reachableFrom } from '../state-machine.js';
import { campaignStates, dispatchStates } from './states.js';

describe('campaign states', () => {
  test('every state is reachable from draft, and only canceled is final', () => {
    expect(reachableFrom(campaignStates, 'draft').size).toBe(campaignStates.all.length);
    expect(campaignStates.all.filter(state => campaignStates.isFinal(state))).toEqual(['canceled']);
  });

  test('a campaign that has begun to send can never be edited again', () => {
    expect(campaignStates.before('draft')).toEqual(['scheduled']);
  });

  test('a campaign that is done sends again only by an operator’s retry, and is never launched again', () => {
    expect(campaignStates.before('sending')).toEqual(['launching', 'paused', 'done']);
    expect(campaignStates.canMove('done', 'launching')).toBe(false);
    expect(campaignStates.canMove('done', 'canceled')).toBe(false);
  });

  test('everything that is not over can be canceled', () => {
    expect(campaignStates.before('canceled')).toEqual(['draft', 'scheduled', 'launching', 'sending', 'paused', 'failed']);
  });
});

describe('dispatch states', () => {
  test('every state is reachable from freezing, and only canceled is final', () => {
    expect(reachableFrom(dispatchStates, 'freezing').size).toBe(dispatchStates.all.length);
    expect(dispatchStates.all.filter(state => dispatchStates.isFinal(state))).toEqual(['canceled']);
  });

  test('sending is entered after the freeze, a pause, or an operator’s retry', () => {
    expect(dispatchStates.before('sending')).toEqual(['freezing', 'paused', 'done']);
  });
});
