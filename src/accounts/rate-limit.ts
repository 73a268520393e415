/**
 * Token buckets, one a caller, kept as the moment at which each is full again (GCRA). In the memory of this process: with n API
 * processes a caller may do up to n times as much, and a restart fills every bucket. Pure: milliseconds come from the caller.
 */

/** A bucket of `quota` requests, filled again at `perMinute`. */
export type Policy = { name: string; quota: number; perMinute: number };

/** Whole requests left now, and whole seconds until the bucket is full. `waitMs` above 0: refused, one would fit after that. */
export type Taken = { waitMs: number; remaining: number; fullInSeconds: number };

/** Two seconds' worth at once, and at least ten: a page that asks for several things must not stumble over a small limit. */
export function policyOf(name: string, perMinute: number): Policy {
  return { name, perMinute, quota: Math.max(Math.min(perMinute, 10), Math.ceil(perMinute / 30)) };
}

/** Full buckets are dropped when this many are held; should so many be in use, the oldest go first. */
const maxBuckets = 50_000;

export class TokenBuckets {
  private readonly fullAt = new Map<string, number>();

  take(caller: string, policy: Policy, nowMs: number): Taken {
    const costMs = 60_000 / policy.perMinute;
    const sizeMs = costMs * policy.quota;
    const fullAt = Math.max(this.fullAt.get(caller) ?? 0, nowMs);
    const waitMs = Math.max(0, fullAt + costMs - sizeMs - nowMs - rounding);
    const newFullAt = waitMs > 0 ? fullAt : fullAt + costMs;
    if (waitMs === 0) this.put(caller, newFullAt, nowMs);
    const remaining = Math.max(0, Math.floor((sizeMs - (newFullAt - nowMs) + rounding) / costMs));
    return { waitMs, remaining, fullInSeconds: Math.ceil((newFullAt - nowMs) / 1000) };
  }

  /** Undoes one `take`. */
  giveBack(caller: string, policy: Policy): void {
    const fullAt = this.fullAt.get(caller);
    if (fullAt !== undefined) this.fullAt.set(caller, fullAt - 60_000 / policy.perMinute);
  }

  private put(caller: string, fullAt: number, nowMs: number): void {
    if (this.fullAt.size >= maxBuckets && !this.fullAt.has(caller)) this.makeRoom(nowMs);
    this.fullAt.set(caller, fullAt);
  }

  private makeRoom(nowMs: number): void {
    for (const [caller, fullAt] of this.fullAt) if (fullAt <= nowMs) this.fullAt.delete(caller);
    const excess = [...this.fullAt.keys()].slice(0, Math.max(0, this.fullAt.size - maxBuckets * 0.9));
    for (const caller of excess) this.fullAt.delete(caller);
  }
}

/** Milliseconds; sums of fractions may miss a whole request by less. */
const rounding = 1e-6;

/** Who an address is: the address itself; in IPv6 its /64, of which a caller has every address. */
export function callerOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const behind = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - behind.length)).fill('0');
  return [...groups, ...zeros, ...behind]
    .slice(0, 4)
    .map(group => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
