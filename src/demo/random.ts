// Random choices that are the same on every run: a small seeded generator (mulberry32), one per person.
export type Random = {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** Picks by each item's `weight`. */
  weighted<Item extends { readonly weight: number }>(items: readonly Item[]): Item;
};

export function createRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number): number => Math.floor(next() * count);
  return {
    below,
    chance: probability => next() < probability,
    pick: items => at(items, below(items.length)),
    weighted: items => pickWeighted(items, next()),
  };
}

function pickWeighted<Item extends { readonly weight: number }>(items: readonly Item[], share: number): Item {
  let left = share * items.reduce((sum, item) => sum + item.weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return at(items, items.length - 1);
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
