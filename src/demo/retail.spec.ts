// The real orders: the figures of the data's own description, and dates that end yesterday.
import { join } from 'node:path';
import { daysToYesterday, movedBy, readOrders, retailFile, surveyRetail } from './retail.js';

const file = retailFile(join(import.meta.dirname, '../..'));

test('the data holds what its description says', async () => {
  const survey = await surveyRetail(readOrders(file));
  expect(survey).toMatchObject({ orders: 22_190, lastDay: '2011-12-09' });
  expect(survey.customers).toHaveLength(4_372);
});

test('the orders without the cancellations are worth 8 911 407.90', async () => {
  let pence = 0;
  let count = 0;
  for await (const { invoice, quantity, amount } of readOrders(file))
    if (!invoice.startsWith('C') && Number(quantity) > 0) {
      count++;
      pence += Math.round(Number(amount) * 100);
    }
  expect({ count, pence }).toEqual({ count: 18_536, pence: 891_140_790 });
});

test.each(['2026-11-22T00:00:00Z', '2026-11-22T23:59:59Z', '2028-03-01T12:00:00Z'])(
  'seen from %s the last order was yesterday',
  now => {
    const moved = movedBy(daysToYesterday('2011-12-09', new Date(now)), '2011-12-09 12:50:00');
    const yesterday = new Date(Date.parse(now) - 24 * 3600 * 1000).toISOString().slice(0, 10);
    expect(moved).toBe(`${yesterday} 12:50:00`);
  },
);
