/**
 * Many small writes as few big ones, without a timer: while one batch is being written, what arrives gathers for the next. A
 * caller's promise resolves when its row is committed, so "stored before we answer" stays true at thousands of rows a second.
 */
type Waiting<Row, Result> = { row: Row; resolve: (result: Result) => void; reject: (error: unknown) => void };

/** Batches on the wire at once: one writes while the other's commit is flushed to disk. */
const batchesAtOnce = 2;

export class GroupCommit<Row, Result = void> {
  private waiting: Waiting<Row, Result>[] = [];
  private running = 0;

  /** `write` stores a batch, all or nothing, and gives one result per row in the same order. */
  constructor(
    private readonly write: (rows: Row[]) => Promise<Result[]>,
    private readonly batchSize = 500,
  ) {}

  add(row: Row): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ row, resolve, reject });
      // After this turn of the event loop, so that rows of one turn (a socket's pipelined requests) share a batch.
      if (this.running < batchesAtOnce) setImmediate(() => this.flush());
    });
  }

  private flush(): void {
    if (this.running >= batchesAtOnce || this.waiting.length === 0) return;
    const batch = this.waiting.splice(0, this.batchSize);
    this.running++;
    void this.commit(batch).finally(() => {
      this.running--;
      this.flush();
    });
  }

  /** A row that cannot be stored fails its own caller only: a failed batch is tried again row by row. */
  private async commit(batch: Waiting<Row, Result>[]): Promise<void> {
    try {
      const results = await this.write(batch.map(({ row }) => row));
      batch.forEach(({ resolve }, i) => resolve(results[i] as Result));
    } catch (error) {
      if (batch.length === 1) return batch[0]?.reject(error);
      for (const one of batch) await this.commit([one]);
    }
  }
}
