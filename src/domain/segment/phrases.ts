// What a language brings so that rules can be said in it; english.ts is one.
import type { Leaf } from './rule.js';

/** Names of the lists and tags a rule refers to, by id. */
export type Names = { lists: ReadonlyMap<string, string>; tags: ReadonlyMap<string, string> };

export type Phrases = {
  everyone: string;
  nobody: string;
  /** The whole sentence around the first group. */
  contacts: (what: string) => string;
  /** What holds of people in one leaf: "whose city is Baku". */
  leaf: (leaf: Leaf, names: Names) => string;
  all: (parts: string[]) => string;
  any: (parts: string[]) => string;
  none: (parts: string[]) => string;
};
