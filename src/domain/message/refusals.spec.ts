import { gatewayErrorKinds } from './gateway-errors.js';
import { refusals } from './refusals.js';

describe('refusals and gateway errors', () => {
  test.each([...Object.entries(refusals), ...Object.entries(gatewayErrorKinds)])(
    '%s is explained in one sentence',
    (_name, sentence) => {
      expect(sentence).toMatch(/^[A-Z][^.]*\.$/);
    },
  );
});
