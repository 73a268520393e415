/**
 * What happens once per Idempotency-Key. A key belongs to one API key and route and is remembered for a day, with a hash of its request
 * and the first answer: every 2xx, and what the service refused (404, 409, 413, 415, 422, so a mended request needs a new key). 400, 401,
 * 403, 429 and 5xx free the key: the same request may do better later.
 * The key is a row, so it holds across API processes. It is leased while the call runs; when its process dies, a retry runs the call again
 * after the lease. The answer is kept after the work was committed: a crash just between the two makes that retry do the work twice, where
 * its own states do not forbid it (a second launch does).
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { AppError, conflict } from '../platform/errors.js';
import { ReadyAnswer, type WireAnswer } from '../platform/http/wire-answer.js';
import { Sweeps, type SweepTask } from '../platform/jobs/handles.js';
import { Logs } from '../platform/log.js';
import { counter } from '../platform/metrics.js';
import {
  claimKey,
  forgetExpiredKeys,
  type IdempotentCall,
  keepAnswer,
  type KeptRow,
  releaseKey,
  renewLease,
  selectKept,
} from './idempotency.sql.js';

const keptMs = 24 * 3_600_000;
const leaseMs = 60_000;
/** Two renewals may fail before the lease is over. */
const renewalMs = 20_000;
const maxBodyBytes = 1024 * 1024;
const freeingStatuses = [400, 401, 403, 429];

const calls = counter(
  'muster_idempotent_calls_total',
  'Calls with an Idempotency-Key: the first of a key, repeated ones, and refused ones.',
  ['outcome'],
);

/** A key taken for the call that runs now. */
export type HeldKey = { settle(answer: WireAnswer): Promise<void>; stopRenewing(): void };

@Injectable()
export class IdempotencyService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly logs: Logs,
  ) {}

  /** Takes the key. Throws the first answer when there is one, `conflict` while the first call runs, `invalid` for another request. */
  async begin(workspaceId: WorkspaceId, call: IdempotentCall): Promise<HeldKey> {
    const owner = randomUUID();
    for (;;) {
      const now = this.clock.now();
      const claim = { owner, now, leaseUntil: after(now, leaseMs), expiresAt: after(now, keptMs) };
      if (await this.db.row(claimKey(workspaceId, call, claim))) {
        calls.inc({ outcome: 'first' });
        return this.hold(workspaceId, call, owner);
      }
      const kept = await this.db.row<KeptRow>(selectKept(workspaceId, call));
      if (!kept) continue; // its first call freed the key just now
      const answer = answerOf(kept, call);
      calls.inc({ outcome: answer instanceof ReadyAnswer ? 'repeated' : 'refused' });
      throw answer;
    }
  }

  private hold(workspaceId: WorkspaceId, call: IdempotentCall, owner: string): HeldKey {
    const renew = () => this.db.run(renewLease(workspaceId, call, owner, after(this.clock.now(), leaseMs)));
    const timer = setInterval(() => void renew().catch(() => undefined), renewalMs).unref(); // tried again before the lease is over
    return {
      stopRenewing: () => clearInterval(timer),
      settle: async answer => {
        clearInterval(timer);
        const isFreed = answer.status >= 500 || freeingStatuses.includes(answer.status);
        const statement = isFreed
          ? releaseKey(workspaceId, call, owner)
          : keepAnswer(workspaceId, call, owner, withinLimit(answer));
        // The work is done: its caller shall hear so, though a retry after the lease would not.
        await this.db.run(statement).catch((error: unknown) => this.logs.log.error({ err: error }, 'answer not kept'));
      },
    };
  }
}

/** Keys live for a day; each sweep drops older ones. */
@Sweeps()
export class ForgetIdempotencyKeys implements SweepTask {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async sweep(): Promise<void> {
    await this.db.run(forgetExpiredKeys(this.clock.now()));
  }
}

function answerOf({ request_hash: hash, status, content_type: contentType, body }: KeptRow, call: IdempotentCall): Error {
  if (!hash.equals(call.requestHash)) {
    const message = 'Was used for another request; use a new one';
    return new AppError('invalid', `Idempotency-Key: ${message}`, [{ pointer: 'Idempotency-Key', message }]);
  }
  if (status === null) return conflict('The first request with this Idempotency-Key still runs; ask again in some seconds');
  if (body === null) return conflict(`This was done and answered with ${status}; the answer was too large to keep`);
  return new ReadyAnswer({ status, contentType, body }, { 'idempotency-replayed': 'true' });
}

function withinLimit(answer: WireAnswer): WireAnswer {
  return answer.body && answer.body.length > maxBodyBytes ? { ...answer, body: null } : answer;
}

const after = (moment: Date, ms: number): Date => new Date(moment.getTime() + ms);
