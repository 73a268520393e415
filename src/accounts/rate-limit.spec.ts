import { callerOf, policyOf, TokenBuckets } from './rate-limit.js';

test.each([
  [1, 1],
  [60, 10],
  [300, 10],
  [6_000, 200],
])('a limit of %i a minute allows %i at once', (perMinute, quota) => {
  expect(policyOf('default', perMinute).quota).toBe(quota);
});

test('a bucket is emptied, refuses, says when one fits, and fills again at its pace', () => {
  const buckets = new TokenBuckets();
  const policy = policyOf('default', 60);
  const left = Array.from({ length: 10 }, () => buckets.take('a', policy, 5_000).remaining);
  expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(buckets.take('a', policy, 5_000)).toMatchObject({ remaining: 0, fullInSeconds: 10 });
  expect(buckets.take('a', policy, 5_400).waitMs).toBeCloseTo(600, 3);
  expect(buckets.take('a', policy, 6_000).waitMs).toBe(0);
  expect(buckets.take('a', policy, 6_000).waitMs).toBeGreaterThan(0);
  expect(buckets.take('a', policy, 1_000_000)).toEqual({ waitMs: 0, remaining: 9, fullInSeconds: 1 });
});

test('callers do not share a bucket, and a try given back costs nothing', () => {
  const buckets = new TokenBuckets();
  const policy = policyOf('failed-keys', 1);
  expect(buckets.take('a', policy, 0).waitMs).toBe(0);
  expect(buckets.take('b', policy, 0).waitMs).toBe(0);
  expect(buckets.take('a', policy, 0).waitMs).toBeGreaterThan(0);
  buckets.giveBack('a', policy);
  expect(buckets.take('a', policy, 0).waitMs).toBe(0);
});

test('over any stretch of time no more goes through than the quota and what flows in, at any pace of asking', () => {
  for (const perMinute of [7, 60, 401, 6_000]) {
    const buckets = new TokenBuckets();
    const policy = policyOf('default', perMinute);
    let taken = 0;
    for (let ms = 0; ms < 60_000; ms += 7) if (buckets.take('a', policy, ms).waitMs === 0) taken++;
    expect(taken).toBeLessThanOrEqual(policy.quota + perMinute);
    expect(taken).toBeGreaterThanOrEqual(Math.min(policy.quota + perMinute - 1, 60_000 / 7));
  }
});

test('a hundred thousand addresses do not fill the memory', () => {
  const buckets = new TokenBuckets();
  const policy = policyOf('failed-keys', 60);
  for (let i = 0; i < 100_000; i++) buckets.take(`address ${i}`, policy, 0);
  expect((buckets as unknown as { fullAt: Map<string, number> }).fullAt.size).toBeLessThanOrEqual(50_000);
  // Whoever came last is still known.
  expect(buckets.take('address 99999', policy, 0).remaining).toBe(8);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:0:1:aaaa::1', '2001:db8:0:1'],
  ['2001:0db8:0000:0001:ffff:ffff:ffff:ffff', '2001:db8:0:1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the address %s is the caller %s', (address, caller) => {
  expect(callerOf(address)).toBe(caller);
});
