/** Waits until `check` gives something truthy; asks again at short intervals and fails loudly after `timeoutMs`. */
export async function eventually<T>(
  check: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  timeoutMs = 20_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const result = await check();
    if (result) return result;
    if (performance.now() > end) throw new Error(`it did not happen within ${timeoutMs} ms: ${check.toString().slice(0, 200)}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
