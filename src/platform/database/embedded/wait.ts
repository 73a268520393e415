/** Waiting for a condition of another process, which can only be asked, not listened to. Time is monotonic: a changed clock breaks nothing. */
import { setTimeout as delay } from 'node:timers/promises';

/** True as soon as `isSo` is, false when `timeoutMs` passed before. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>, timeoutMs: number, everyMs = 10): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}
