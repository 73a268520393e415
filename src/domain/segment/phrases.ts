// What a language brings so that rules can be said in it; english.ts is one, languages.ts chooses.
import type { FieldName } from './fields.js';
import type { Leaf } from './rule.js';

/** Names of what a rule refers to, by id. What is gone has none. */
export type Names = Readonly<Record<'lists' | 'tags' | 'attributes' | 'segments', ReadonlyMap<string, string>>>;

export const noNames: Names = { lists: new Map(), tags: new Map(), attributes: new Map(), segments: new Map() };

export type Phrases = {
  /** What the fields are called by themselves, as in an editor. */
  fields: Readonly<Record<FieldName, string>>;
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
