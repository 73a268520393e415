import { EventStream } from './event-stream.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a client that takes nothing is let go a heartbeat after the end', () => {
  const stream = new EventStream();
  const event = { id: '1', name: 'progress', data: '"'.padEnd(200_000, 'x') };
  stream.offer(event);
  stream.finish();
  expect(stream.destroyed).toBe(false);
  jest.advanceTimersByTime(15_000);
  expect(stream.destroyed).toBe(true);
});

test('a client that reads gets the end as well', async () => {
  const stream = new EventStream();
  stream.offer({ id: '1', name: 'end', data: '{}' });
  stream.finish();
  const told: string[] = [];
  for await (const piece of stream) told.push(String(piece));
  expect(told.join('')).toBe('retry: 2000\n\nid: 1\nevent: end\ndata: {}\n\n');
});
