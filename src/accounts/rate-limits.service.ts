/**
 * How often one may call: each API key has a bucket (its own limit, or REQUESTS_PER_MINUTE), shown in the RateLimit headers of every
 * answer (draft-ietf-httpapi-ratelimit-headers); each address has one for keys that open nothing, so that keys cannot be guessed fast.
 */
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Config } from '../platform/config.js';
import { QuotaExceeded } from '../platform/errors.js';
import { counter } from '../platform/metrics.js';
import { callerOf, type Policy, policyOf, type Taken, TokenBuckets } from './rate-limit.js';

const refused = counter('muster_rate_limited_total', 'Requests refused with 429, by policy.', ['policy']);

@Injectable()
export class RateLimits {
  private readonly keys = new TokenBuckets();
  private readonly addresses = new TokenBuckets();
  private readonly failures: Policy;

  constructor(private readonly config: Config) {
    const perMinute = config.failedKeysPerMinute;
    this.failures = { name: 'failed-keys', perMinute, quota: perMinute };
  }

  /** One request of this key. `requestsPerMinute` null: the default. */
  takeRequest(apiKeyId: string, requestsPerMinute: number | null, reply: FastifyReply): void {
    const policy = policyOf(requestsPerMinute === null ? 'default' : 'key', requestsPerMinute ?? this.config.requestsPerMinute);
    const taken = this.keys.take(apiKeyId, policy, performance.now());
    show(reply, policy, taken);
    refuse(policy, taken);
  }

  /** Before a key is looked up that never opened anything here; given back when it does. */
  takeTry(address: string, reply: FastifyReply): void {
    const taken = this.addresses.take(callerOf(address), this.failures, performance.now());
    if (taken.waitMs > 0) show(reply, this.failures, taken);
    refuse(this.failures, taken);
  }

  giveTryBack(address: string): void {
    this.addresses.giveBack(callerOf(address), this.failures);
  }
}

function show(reply: FastifyReply, { name, quota, perMinute }: Policy, { remaining, fullInSeconds }: Taken): void {
  void reply.header('ratelimit-policy', `"${name}";q=${quota};w=${Math.ceil((quota * 60) / perMinute)}`);
  void reply.header('ratelimit', `"${name}";r=${remaining};t=${fullInSeconds}`);
}

function refuse({ name }: Policy, { waitMs }: Taken): void {
  if (waitMs === 0) return;
  refused.inc({ policy: name });
  throw new QuotaExceeded([name], Math.ceil(waitMs / 1000));
}
