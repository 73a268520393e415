// What every step of the demo works with.
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from './api.js';
import type { Screen } from './screen.js';

export type Demo = {
  readonly api: Api;
  readonly screen: Screen;
  readonly now: () => Date;
  /** Aborted when the process is asked to stop. */
  readonly signal: AbortSignal;
};

export function msSince(demo: Demo, start: Date): number {
  return demo.now().getTime() - start.getTime();
}

type Watch<Value> = {
  read: () => Promise<Value>;
  isDone: (value: Value) => boolean;
  show: (value: Value) => void;
  /** Gives up waiting when nothing has changed for so long; the last value is returned all the same. */
  stillMs: number;
};

const everyMs = 200;

/** Asks again and again until the value is done, or has stood still for too long. */
export async function watch<Value>(demo: Demo, { read, isDone, show, stillMs }: Watch<Value>): Promise<Value> {
  let last = '';
  let changedAt = demo.now();
  for (;;) {
    const value = await read();
    show(value);
    if (isDone(value)) return value;
    const text = JSON.stringify(value);
    if (text !== last) changedAt = demo.now();
    else if (msSince(demo, changedAt) > stillMs) return value;
    last = text;
    await delay(everyMs, undefined, { signal: demo.signal });
  }
}
