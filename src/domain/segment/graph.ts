/**
 * Segments that name segments: no circles, not too deep, not too large together. Walked before anything is compiled, because the
 * compiler follows the same paths.
 */
import { isGroup } from './normalize.js';
import { referencesOf } from './references.js';
import type { Rule } from './rule.js';

export type Saved = { id: string; name: string; rule: Rule; isArchived: boolean };

/** Segments inside segments. */
const maxLevels = 5;
/** Groups and leaves, with those of named segments each time they are named. */
const maxParts = 1000;

const unsaved = { id: '', name: 'this rule' };

export type GraphProblem = { pointer: string; message: string };

/**
 * The first thing wrong with what `rule` names, with a pointer to where the rule names it. `self` is the saved segment whose rule
 * this is or becomes; `segments` holds all that can be reached.
 */
export function problemOfGraph(
  rule: Rule,
  segments: ReadonlyMap<string, Saved>,
  self: { id: string; name: string } = unsaved,
  pointer = '',
): GraphProblem | null {
  const sound = new Map<string, number>();
  for (const { id, pointer: at } of namedBy(rule, pointer)) {
    const message = problemBelow(id, [self], segments, sound);
    if (message) return { pointer: at, message };
  }
  const parts = partsOf(rule, segments, new Map());
  if (parts <= maxParts) return null;
  return { pointer, message: `The rule and the segments it names have ${parts} parts together; at most ${maxParts} are allowed` };
}

type Step = { id: string; name: string };

/**
 * `sound`: the deepest place at which a segment was walked and found well. It is not walked again there or higher, else a few segments
 * that name each other a hundred times would be walked for ever. No circle is missed: the first walk would have found it.
 */
function problemBelow(
  id: string,
  path: readonly Step[],
  segments: ReadonlyMap<string, Saved>,
  sound: Map<string, number>,
): string | null {
  const segment = segments.get(id);
  if (!segment && !path.some(step => step.id === id)) return null;
  const start = path.findIndex(step => step.id === id);
  if (start >= 0) return `Segments would go in a circle: ${spelled([...path.slice(start), path[start] as Step])}`;
  if ((sound.get(id) ?? 0) >= path.length) return null;
  const next = [...path, segment as Step];
  if (next.length > maxLevels + 1) return `Segments may be inside each other at most ${maxLevels} deep: ${spelled(next)}`;
  for (const inner of namedBy((segment as Saved).rule)) {
    const message = problemBelow(inner.id, next, segments, sound);
    if (message) return message;
  }
  sound.set(id, path.length);
  return null;
}

function spelled(path: readonly Step[]): string {
  return path.map(({ name }) => `"${name}"`).join(' → ');
}

function namedBy(rule: Rule, pointer = ''): { id: string; pointer: string }[] {
  return referencesOf(rule, pointer).filter(reference => reference.kind === 'segment');
}

/** Each segment is counted once and its figure kept: named twice at each level they would double with each. */
function partsOf(rule: Rule, segments: ReadonlyMap<string, Saved>, known: Map<string, number>): number {
  if (isGroup(rule)) return rule.rules.reduce((sum, inner) => sum + partsOf(inner, segments, known), 1);
  if (rule.kind !== 'segment') return 1;
  const found = known.get(rule.segmentId);
  if (found !== undefined) return found;
  const segment = segments.get(rule.segmentId);
  const parts = segment ? partsOf(segment.rule, segments, known) : 1;
  known.set(rule.segmentId, parts);
  return parts;
}
