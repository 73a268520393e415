/**
 * The life of one process: what is started is held with the way to close it, and everything is closed in reverse order, each in bounded time.
 * Signals, a vanished parent and unhandled errors all end here. A second signal ends at once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './errno.js';

type Report = (line: string, error?: unknown) => void;
type Held = { name: string; boundMs: number; close: () => Promise<void> };

const endedBySecondSignal = 130;
/** One stop often arrives twice: sent to us and to our process group. */
const echoMs = 500;

export class Lifecycle {
  private readonly held: Held[] = [];
  private ending: Promise<never> | null = null;
  private signaledAt = 0;

  constructor(private readonly report: Report) {}

  /** Starts something that `close` ends. An end that begins meanwhile waits for the start, closes it, and never lets the caller go on. */
  async hold<Resource>(
    name: string,
    boundMs: number,
    start: () => Promise<Resource>,
    close: (resource: Resource) => Promise<void>,
  ): Promise<Resource> {
    const starting = start();
    const started = starting.then(resource => ({ resource })).catch(() => null);
    this.held.push({
      name,
      boundMs,
      close: async () => {
        const found = await started;
        if (found !== null) await close(found.resource);
      },
    });
    const resource = await starting;
    return this.ending ?? resource;
  }

  /** Closes all and exits; the first call's code counts. */
  end(code: number): Promise<never> {
    this.ending ??= this.closeAll().then(() => process.exit(code));
    return this.ending;
  }

  /** From here on signals and failures end the process in order. A server asked to stop has done its job; a task has not. */
  listen(codeOfSignal = 0): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.onSignal(signal, codeOfSignal));
    if (process.send !== undefined) process.on('disconnect', () => void this.end(0)); // started by a parent that is gone
    process.on('unhandledRejection', error => this.fail(error));
    process.on('uncaughtException', error => this.fail(error));
  }

  private onSignal(signal: string, code: number): void {
    if (this.ending === null) {
      this.signaledAt = performance.now();
      this.report(`${signal}: stopping`);
      void this.end(code);
    } else if (performance.now() - this.signaledAt > echoMs) process.exit(endedBySecondSignal);
  }

  private fail(error: unknown): void {
    this.report(`stopping after an unexpected error: ${messageOf(error)}`, error);
    void this.end(1);
  }

  private async closeAll(): Promise<void> {
    for (const { name, boundMs, close } of this.held.reverse()) {
      const late = delay(boundMs, 'late' as const, { ref: false });
      const outcome = await Promise.race([close(), late]).catch((error: unknown) =>
        this.report(`${name} did not stop cleanly: ${messageOf(error)}`, error),
      );
      if (outcome === 'late') this.report(`${name} did not stop within ${boundMs / 1000} s; going on without it`);
    }
  }
}
