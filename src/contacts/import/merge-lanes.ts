/**
 * Two lanes for the batches of an import, the second one betting. Who a row is depends on the rows before it, unless nobody has
 * any of its identities and no other row names them: then it is a new person wherever it stands. So while the file brings
 * only new people, the next batch is merged beside the current one as if all of its rows were new; the primary key of identity
 * says whether that holds, against what is known and against the other lane. It commits after the batch before it, or is
 * rolled back and merged again in its turn, alone. Either way the outcome is that of one lane in the order of the file.
 */
import { BatchTurn, type LaneOrder } from './batch-turn.js';
import type { BatchResult } from './merge-batch.js';
import { NotAllNew } from './merge-people.js';

type Lane = { turn: BatchTurn; result: Promise<LaneResult> };
/** `undone`: nothing was merged, the batch is to be merged again in its turn. */
type LaneResult = BatchResult | { state: 'undone'; isAllNew: boolean };

export class MergeLanes {
  private ahead: Lane | null = null;
  private isAllNew = true;

  /** `run` merges one batch in a transaction of its own; `isForTwo` allows a second one beside it; `onLost` hears of a lost bet. */
  constructor(
    private readonly run: (order: LaneOrder) => Promise<BatchResult>,
    private readonly isForTwo: boolean,
    private readonly onLost: () => Promise<void>,
  ) {}

  /** Merges the next batch in the order of the file. */
  async next(): Promise<BatchResult> {
    for (;;) {
      const lane = this.ahead ?? this.begin();
      this.ahead = this.isForTwo && this.isAllNew ? this.beginBehind(lane.turn) : null;
      try {
        const result = await lane.result;
        this.isAllNew = result.isAllNew;
        if (result.state !== 'undone') return result;
      } catch (error) {
        // Two lanes may have been in each other's way: the next batch goes alone.
        this.isAllNew = false;
        await this.end();
        throw error;
      }
      await this.end();
      if (!this.isAllNew) await this.onLost();
    }
  }

  /** Waits for a batch that still runs beside the last one. */
  async end(): Promise<void> {
    await this.ahead?.result;
    this.ahead = null;
  }

  private begin(): Lane {
    const turn = new BatchTurn();
    return { turn, result: this.take({ turn, behind: null, isBet: this.isAllNew }) };
  }

  private beginBehind(before: BatchTurn): Lane {
    const turn = new BatchTurn();
    return { turn, result: this.follow(turn, before) };
  }

  /** Its failures are no failures of the import: what is wrong shows when the batch is merged in its turn. */
  private async follow(turn: BatchTurn, before: BatchTurn): Promise<LaneResult> {
    const to = await before.named;
    if (to === null) turn.end();
    else {
      const result = await this.take({ turn, behind: { turn: before, to }, isBet: true }).catch(() => null);
      if (result !== null && result.state !== 'waiting') return result;
    }
    return { state: 'undone', isAllNew: true };
  }

  private async take(order: LaneOrder): Promise<LaneResult> {
    try {
      const result = await this.run(order);
      if (result.state === 'more') order.turn.setCommitted();
      return result;
    } catch (error) {
      if (error instanceof NotAllNew) return { state: 'undone', isAllNew: false };
      throw error;
    } finally {
      order.turn.end();
    }
  }
}
