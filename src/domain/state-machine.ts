/**
 * A state machine is a table from each state to the states that may follow it; everything else here is read off that
 * table. `before` feeds the SQL guard of every move, so late and duplicate receipts change nothing by construction.
 */
export type StateTable = Readonly<Record<string, readonly string[]>>;

export type States<S extends string> = {
  readonly all: readonly S[];
  canMove(from: S, to: S): boolean;
  /** The states from which `to` may be reached in one move, in table order. */
  before(to: S): readonly S[];
  /** No way out: the state is the end of the story. */
  isFinal(state: S): boolean;
};

/** Throws when a table names a state that has no row of its own. */
export function defineStates<const T extends StateTable>(table: T): States<keyof T & string> {
  type S = keyof T & string;
  const all = Object.keys(table) as S[];
  const nextOf = new Map<S, ReadonlySet<string>>(all.map(state => [state, new Set(table[state])]));
  const beforeOf = new Map<string, readonly S[]>(all.map(to => [to, all.filter(from => nextOf.get(from)?.has(to))]));
  for (const state of Object.values(table).flat()) if (!beforeOf.has(state)) throw new Error(`state without a row: ${state}`);
  return {
    all,
    canMove: (from, to) => nextOf.get(from)?.has(to) ?? false,
    before: to => beforeOf.get(to) ?? [],
    isFinal: state => nextOf.get(state)?.size === 0,
  };
}

/** The states that can be arrived at from `start`, itself included: used to prove that none is unreachable. */
export function reachableFrom<S extends string>(states: States<S>, start: S): ReadonlySet<S> {
  const seen = new Set<S>([start]);
  for (const from of seen) for (const to of states.all) if (states.canMove(from, to)) seen.add(to);
  return seen;
}
