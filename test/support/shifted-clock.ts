/** A clock that runs, so that paces free and leases end, and can be moved ahead. */
import { SystemClock } from '../../src/platform/clock.js';

export class ShiftedClock extends SystemClock {
  private shiftMs = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.shiftMs);
  }

  advance(ms: number): void {
    this.shiftMs += ms;
  }
}
