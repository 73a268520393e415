import { problemOfGraph, type Saved } from './graph.js';
import type { Rule } from './rule.js';

const inSegment = (segmentId: string): Rule => ({ kind: 'segment', segmentId, in: true });
const all = (...rules: Rule[]): Rule => ({ kind: 'all', rules });
const tagged: Rule = { kind: 'tag', tagId: '1', has: true };

function saved(rules: Record<string, Rule>): Map<string, Saved> {
  return new Map(Object.entries(rules).map(([id, rule]) => [id, { id, name: `S${id}`, rule, isArchived: false }]));
}

test('segments may share a segment', () => {
  const segments = saved({ 1: tagged, 2: inSegment('1'), 3: all(inSegment('1'), inSegment('2')) });
  expect(problemOfGraph(all(inSegment('3'), inSegment('2'), inSegment('1')), segments)).toBeNull();
});

test('a segment may not name itself', () => {
  const self = { id: '1', name: 'S1' };
  expect(problemOfGraph(all(tagged, inSegment('1')), saved({ 1: tagged }), self, '/rule')).toEqual({
    pointer: '/rule/rules/1/segmentId',
    message: 'Segments would go in a circle: "S1" → "S1"',
  });
});

test('a circle is refused at depth, with its path', () => {
  const segments = saved({ 1: tagged, 2: all(tagged, inSegment('1')), 3: inSegment('2') });
  expect(problemOfGraph(inSegment('3'), segments, { id: '1', name: 'S1' })?.message).toBe(
    'Segments would go in a circle: "S1" → "S3" → "S2" → "S1"',
  );
});

test('a circle among others is found too', () => {
  const segments = saved({ 1: inSegment('2'), 2: inSegment('1') });
  expect(problemOfGraph(inSegment('1'), segments)?.message).toBe('Segments would go in a circle: "S1" → "S2" → "S1"');
});

test('five levels are allowed, six are not', () => {
  const chain = (levels: number): Map<string, Saved> =>
    saved(Object.fromEntries(Array.from({ length: levels }, (_, i) => [i + 1, i === 0 ? tagged : inSegment(String(i))])));
  const self = { id: '99', name: 'S99' };
  expect(problemOfGraph(inSegment('5'), chain(5), self)).toBeNull();
  expect(problemOfGraph(inSegment('6'), chain(6), self)?.message).toMatch(/at most 5 deep/);
});

test('segments that double at each level are refused without counting forever', () => {
  const wide = (id: string): Rule => ({ kind: 'any', rules: Array.from({ length: 100 }, () => inSegment(id)) });
  const segments = saved({ 1: wide('2'), 2: wide('3'), 3: wide('4'), 4: tagged });
  expect(problemOfGraph(tagged, segments)).toBeNull();
  expect(problemOfGraph(inSegment('1'), segments)?.message).toMatch(/parts together/);
});

test('segments that name each other hundreds of times at every level are judged at once', () => {
  const wide = (id: string): Rule => ({ kind: 'any', rules: Array.from({ length: 190 }, () => inSegment(id)) });
  const segments = saved({ 1: wide('2'), 2: wide('3'), 3: wide('4'), 4: wide('5'), 5: tagged });
  expect(problemOfGraph(inSegment('1'), segments)?.message).toMatch(/parts together/);
});
