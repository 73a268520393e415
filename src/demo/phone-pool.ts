/**
 * Hands out phone numbers from ranges such as `79460#####`, each number once: the k-th number of a range is a fixed
 * permutation of its places, so numbers look scattered and need no memory of what was given.
 */
export class PhonePool {
  private readonly given = new Map<string, number>();

  /** The next free number of the range, or null when the range is used up. */
  take(range: string): string | null {
    const count = this.given.get(range) ?? 0;
    const places = range.split('#').length - 1;
    if (count >= 10 ** places) return null;
    this.given.set(range, count + 1);
    return fill(range, places, count);
  }
}

function fill(range: string, places: number, count: number): string {
  // 7654321 ends in 1 and so shares no factor with a power of ten: multiplying permutes the range.
  const place = (count * 7_654_321 + 4_567_890) % 10 ** places;
  return range.replace(/#+/, String(place).padStart(places, '0'));
}
