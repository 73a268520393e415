import { fieldNames, fields, operatorsOf } from './fields.js';
import { type Rule, segmentDocument } from './rule.js';

/** Pointer and message of the first thing wrong with a rule; null when it is a rule. */
function problemOf(rule: unknown): { at: string; message: string } | null {
  const issue = segmentDocument.safeParse({ version: 1, rule }).error?.issues[0];
  return issue ? { at: `/${issue.path.join('/')}`, message: issue.message } : null;
}

const attribute = (field: string, operator: string, value?: unknown): unknown => ({
  kind: 'attribute',
  field,
  operator,
  ...(value === undefined ? {} : { value }),
});

describe('rule document', () => {
  test.each<[string, unknown, string, RegExp]>([
    ['no rule', undefined, '/rule', /Must be a rule/],
    ['text', 'x', '/rule', /Must be a rule/],
    ['a list', [], '/rule', /Must be a rule/],
    ['null', null, '/rule', /Must be a rule/],
    ['no kind', {}, '/rule/kind', /all, any, none, attribute, custom-attribute, age/],
    ['an unknown kind', { kind: 'sql', text: 'true' }, '/rule/kind', /Not a kind of rule/],
    ['a kind from a prototype', { kind: '__proto__' }, '/rule/kind', /Not a kind of rule/],
    ['an unknown key', { kind: 'all', rules: [], limit: 5 }, '/rule', /limit/],
    ['a group without rules', { kind: 'any' }, '/rule/rules', /expected array/],
    ['a nested mistake', { kind: 'all', rules: [{ kind: 'none', rules: [5] }] }, '/rule/rules/0/rules/0', /Must be a rule/],
    ['an unknown field', attribute('password', 'is', 'x'), '/rule/field', /Not an attribute/],
    ['a column name', attribute('first_name', 'is', 'x'), '/rule/field', /Not an attribute/],
    ['an unknown operator', attribute('city', 'like', 'x'), '/rule/operator', /Not an operator/],
    ['an operator of another type', attribute('city', 'more', 'x'), '/rule/operator', /use is, is-not, in/],
    ['no value', attribute('city', 'is'), '/rule/value', /Must be text or a number/],
    ['a value where none belongs', attribute('city', 'known', 'x'), '/rule', /value/],
    ['a list for one value', attribute('city', 'is', ['x']), '/rule/value', /Must be text or a number/],
    ['one value for a list', attribute('city', 'in', 'x'), '/rule/value', /expected array/],
    ['an empty list', attribute('city', 'in', []), '/rule/value', /./],
    ['an empty text', attribute('city', 'in', ['x', '']), '/rule/value/1', /Must not be empty/],
    ['a NUL', attribute('city', 'is', 'a\0b'), '/rule/value', /NUL/],
    ['half a surrogate pair', attribute('city', 'is', '\ud800'), '/rule/value', /well-formed/],
    ['a number as text', attribute('childrenCount', 'is', '2'), '/rule/value', /number/],
    ['an infinite number', attribute('childrenCount', 'is', Number.POSITIVE_INFINITY), '/rule/value', /./],
    ['an impossible day', attribute('birthDate', 'is', '2026-02-31'), '/rule/value', /day such as/],
    ['the year 0', attribute('birthDate', 'is', '0000-01-01'), '/rule/value', /1800/],
    ['a moment without zone', attribute('createdAt', 'more', '2026-01-01T00:00:00'), '/rule/value', /moment such as/],
    ['a lower-case country', attribute('country', 'is', 'fi'), '/rule/value', /upper case/],
    ['a backward range', attribute('birthDate', 'between', ['2000-01-02', '2000-01-01']), '/rule/value', /first end/],
    ['a negative age', { kind: 'age', operator: 'is', value: -1 }, '/rule/value', /./],
    ['an age range backward', { kind: 'age', operator: 'between', value: [30, 20] }, '/rule/value', /first age/],
    ['a place without a place', { kind: 'place' }, '/rule', /Name a country/],
    ['a phone prefix without digits', { kind: 'phone', prefix: ['+'] }, '/rule/prefix/0', /digits/],
    ['a phone prefix of SQL', { kind: 'phone', prefix: ["1' or true --"] }, '/rule/prefix/0', /digits/],
    ['a list id of SQL', { kind: 'list', listId: '1 or true', in: true }, '/rule/listId', /id/],
    [
      'a window of two kinds',
      { kind: 'event', name: 'x', did: true, window: { ever: true, lastDays: 3 } },
      '/rule/window',
      /Must be/,
    ],
    ['a window of half a day', { kind: 'event', name: 'x', did: true, window: { lastDays: 0.5 } }, '/rule/window', /Must be/],
    ['never with days', { kind: 'last-order', operator: 'never', days: 3 }, '/rule', /days/],
    ['a span of half a day', attribute('birthDate', 'in-last', { amount: 0.5, unit: 'days' }), '/rule/value/amount', /whole/],
    ['a span of nothing', attribute('birthDate', 'in-last', { amount: 0, unit: 'days' }), '/rule/value/amount', /at least 1/],
    [
      'a span beyond a life',
      attribute('birthDate', 'in-last', { amount: 1201, unit: 'months' }),
      '/rule/value/amount',
      /hundred/,
    ],
    ['a span of a text', attribute('city', 'in-last', { amount: 1, unit: 'days' }), '/rule/operator', /cannot be asked/],
    ['today of a number', attribute('childrenCount', 'today'), '/rule/operator', /cannot be asked/],
    [
      'a custom attribute of an unknown type',
      { kind: 'custom-attribute', attributeId: '1', type: 'json', operator: 'known' },
      '/rule/type',
      /Not a type/,
    ],
    [
      'a truth in quotes',
      { kind: 'custom-attribute', attributeId: '1', type: 'boolean', operator: 'is', value: 'true' },
      '/rule/value',
      /true or false/,
    ],
    [
      'money of two currencies',
      {
        kind: 'custom-attribute',
        attributeId: '1',
        type: 'money',
        operator: 'between',
        value: [
          { amount: 1, currency: 'EUR' },
          { amount: 2, currency: 'USD' },
        ],
      },
      '/rule/value',
      /one currency/,
    ],
    [
      'a place of nothing',
      { kind: 'custom-attribute', attributeId: '1', type: 'place', operator: 'is', value: {} },
      '/rule/value',
      /Name a country/,
    ],
    [
      'an anniversary of the first name',
      { kind: 'anniversary', of: { field: 'firstName' }, operator: 'today' },
      '/rule/of',
      /birthDate/,
    ],
    [
      'an anniversary in a year',
      { kind: 'anniversary', of: { field: 'birthDate' }, operator: 'in-days', days: 365 },
      '/rule/days',
      /./,
    ],
    [
      'a source of no consent',
      { kind: 'consent', channel: 'sms', topic: 'news', state: 'none', source: ['x'] },
      '/rule',
      /source/,
    ],
    ['a segment id of SQL', { kind: 'segment', segmentId: '1 or true', in: true }, '/rule/segmentId', /id/],
    ['an unknown channel', { kind: 'reachable', channel: 'fax' }, '/rule/channel', /./],
  ])('refuses %s and says where', (_name, rule, at, message) => {
    expect(problemOf(rule)).toMatchObject({ at, message: expect.stringMatching(message) as string });
  });

  test('refuses another version', () => {
    expect(segmentDocument.safeParse({ version: 2, rule: { kind: 'all', rules: [] } }).success).toBe(false);
  });

  test('a rule nested a hundred thousand deep is refused without falling over', () => {
    let rule: unknown = { kind: 'all', rules: [] };
    for (let i = 0; i < 100_000; i++) rule = { kind: 'all', rules: [rule] };
    expect(problemOf(rule)).toEqual({ at: `/rule${'/rules/0'.repeat(8)}`, message: 'Groups may be nested at most 8 deep' });
  });

  test('eight groups inside each other are allowed, nine are not', () => {
    const nested = (depth: number): Rule =>
      depth === 0 ? { kind: 'age', operator: 'known' } : { kind: 'all', rules: [nested(depth - 1)] };
    expect(problemOf(nested(8))).toBeNull();
    expect(problemOf(nested(9))).not.toBeNull();
  });

  test('two hundred parts are allowed, more are not', () => {
    const wide = (count: number): Rule => ({
      kind: 'any',
      rules: Array.from({ length: count }, () => ({ kind: 'age', operator: 'known' })),
    });
    expect(problemOf(wide(199))).toBeNull();
    expect(problemOf(wide(200))).toEqual({ at: '/rule', message: 'A rule has at most 200 parts' });
  });

  test.each(fieldNames)('the field %s takes known and unknown and refuses an object', field => {
    expect(operatorsOf[fields[field].type]).toEqual(expect.arrayContaining(['known', 'unknown']));
    expect(problemOf(attribute(field, 'known'))).toBeNull();
    expect(problemOf(attribute(field, 'is', {}))).not.toBeNull();
  });
});
