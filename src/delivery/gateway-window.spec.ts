import { GatewayWindow } from './gateway-window.js';

test('never more places are taken than the window has', async () => {
  const window = new GatewayWindow(10);
  let taken = 0;
  let most = 0;
  const work = async (wanted: number): Promise<void> => {
    const places = await window.take(wanted);
    taken += places;
    most = Math.max(most, taken);
    await new Promise(resolve => setImmediate(resolve));
    taken -= places;
    window.give(places);
  };
  await Promise.all(Array.from({ length: 200 }, (_, i) => work(1 + (i % 7))));
  expect(most).toBeLessThanOrEqual(10);
  expect(taken).toBe(0);
});

test('a wish larger than the window gets the window', async () => {
  const window = new GatewayWindow(3);
  expect(await window.take(50)).toBe(3);
});

test('first come, first served: a large wish is not starved by small ones', async () => {
  const window = new GatewayWindow(4);
  await window.take(4);
  const order: string[] = [];
  const large = window.take(4).then(places => (order.push('large'), window.give(places)));
  const small = window.take(1).then(places => (order.push('small'), window.give(places)));
  window.give(4);
  await Promise.all([large, small]);
  expect(order).toEqual(['large', 'small']);
});
