/**
 * What a batch tells the one that runs a step behind it, on another connection. Its promises are kept whatever becomes of the
 * batch (`end`), and never reject.
 */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * How long a batch waits for the one before it, with a transaction open. Batches take seconds; but PostgreSQL does not see
 * this wait, so a circle of which it is a part would never be broken.
 */
const patienceMs = 60_000;

export class BatchTurn {
  /** The last row of the batch, once its identities are written: the next one may begin. Null: there is nothing to build on. */
  readonly named: Promise<number | null>;
  isNamed = false;
  private readonly committed: Promise<boolean>;
  private resolveNamed!: (to: number | null) => void;
  private resolveCommitted!: (isCommitted: boolean) => void;

  constructor() {
    this.named = new Promise(resolve => (this.resolveNamed = resolve));
    this.committed = new Promise(resolve => (this.resolveCommitted = resolve));
  }

  setNamed(to: number): void {
    this.isNamed = true;
    this.resolveNamed(to);
  }

  setCommitted(): void {
    this.resolveCommitted(true);
  }

  /** The batch is over; what it has not told by now it never will. */
  end(): void {
    this.resolveNamed(null);
    this.resolveCommitted(false);
  }

  /** Whether the batch is in: the next one may commit. */
  async isCommitted(): Promise<boolean> {
    const waiting = new AbortController();
    const tired = delay(patienceMs, false, { signal: waiting.signal }).catch(() => false);
    try {
      return await Promise.race([this.committed, tired]);
    } finally {
      waiting.abort();
    }
  }
}

/** What a batch needs to know of its lane. */
export type LaneOrder = {
  turn: BatchTurn;
  /** The batch before it, when that is still under way, and its last row. */
  behind: { turn: BatchTurn; to: number } | null;
  /** Whether to merge the rows as people that nobody knows; NotAllNew is thrown when they are not. */
  isBet: boolean;
};
