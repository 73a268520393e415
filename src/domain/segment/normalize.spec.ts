import { everyone, nobody, normalize } from './normalize.js';
import type { Rule } from './rule.js';

const tag = (tagId: string): Rule => ({ kind: 'tag', tagId, has: true });
const all = (...rules: Rule[]): Rule => ({ kind: 'all', rules });
const any = (...rules: Rule[]): Rule => ({ kind: 'any', rules });
const none = (...rules: Rule[]): Rule => ({ kind: 'none', rules });
const [a, b, c] = [tag('1'), tag('2'), tag('3')];

test.each<[string, Rule, Rule]>([
  ['a leaf stays', a, a],
  ['a group of one is that one', all(any(a)), a],
  ['all in all', all(a, all(b, c)), all(a, b, c)],
  ['any in any', any(any(a, b), c), any(a, b, c)],
  ['any in all stays', all(a, any(b, c)), all(a, any(b, c))],
  ['none of any', none(any(a, b), c), none(a, b, c)],
  ['none of all stays', none(all(a, b)), none(all(a, b))],
  ['the same twice', any(a, b, a), any(a, b)],
  ['the same in another order of keys', any(a, { has: true, tagId: '1', kind: 'tag' }), a],
  ['not not', none(none(a)), a],
  ['not neither', none(none(a, b)), any(a, b)],
  ['not not not', none(none(none(a, b))), none(a, b)],
  ['all of nothing', all(), everyone],
  ['any of nothing', any(), nobody],
  ['none of nothing', none(), everyone],
  ['everyone changes nothing in all', all(a, all()), a],
  ['nobody decides all', all(a, any()), nobody],
  ['everyone decides any', any(a, none()), everyone],
  ['nobody changes nothing in any', any(a, any()), a],
  ['none of everyone', none(a, all()), nobody],
  ['none of nobody', none(any()), everyone],
  ['constants fold upward', all(a, any(none(all(), b), all(c, any()))), nobody],
])('%s', (_name, rule, expected) => {
  expect(normalize(rule)).toEqual(expected);
});

test('a normal form is its own normal form', () => {
  const rule = normalize(none(all(a, none(b, any(c, a))), any(b, b)));
  expect(normalize(rule)).toEqual(rule);
});
