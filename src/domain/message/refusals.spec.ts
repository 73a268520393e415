import { gatewayErrorKinds, isGatewayErrorKind } from './gateway-errors.js';
import { isRefusal, refusalList, refusals } from './refusals.js';

describe('refusals and gateway errors', () => {
  test.each([...Object.entries(refusals), ...Object.entries(gatewayErrorKinds)])(
    '%s is explained in one sentence',
    (_name, sentence) => {
      expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
    },
  );

  test('names are read safely', () => {
    expect(refusalList.every(isRefusal)).toBe(true);
    expect(isRefusal('toString')).toBe(false);
    expect(isGatewayErrorKind('throttled')).toBe(true);
    expect(isGatewayErrorKind('constructor')).toBe(false);
  });
});
