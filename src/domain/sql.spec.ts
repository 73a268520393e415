import { anyOf, emptySql, identifier, joinSql, literal, Sql, sql } from './sql.js';

const nasty = `x'; drop table contact; --`;

describe('Sql fragments', () => {
  test.each<[string, Sql, string, unknown[]]>([
    ['plain text', sql`select 1`, 'select 1', []],
    ['values become parameters', sql`a = ${1} and b = ${nasty}`, 'a = $1 and b = $2', [1, nasty]],
    ['a fragment is spliced', sql`where ${sql`a = ${1}`} and b = ${2}`, 'where a = $1 and b = $2', [1, 2]],
    ['fragments nest and number at the end', sql`${sql`${sql`x = ${1}`} or ${2}`} or ${sql`y`}`, 'x = $1 or $2 or y', [1, 2]],
    ['null is a value', sql`a is not distinct from ${null}`, 'a is not distinct from $1', [null]],
    ['an empty fragment leaves no trace', sql`a${emptySql} b`, 'a b', []],
    ['adjacent values', sql`(${1}${2})`, '($1$2)', [1, 2]],
    ['joined with text', joinSql([sql`a = ${1}`, sql`b = ${2}`, sql`c`], ' and '), 'a = $1 and b = $2 and c', [1, 2]],
    ['joined with a fragment', joinSql([sql`a`, sql`b`], sql` or ${true} or `), 'a or $1 or b', [true]],
    ['joining nothing', joinSql([], ', '), '', []],
    ['an id list is one parameter', anyOf(sql`id`, ['1', '2'], 'bigint'), 'id = any($1::bigint[])', [['1', '2']]],
    ['a name', sql`select ${identifier('contact_id')}`, 'select contact_id', []],
    ['a literal', sql`state = ${literal('opted-out')}`, `state = 'opted-out'`, []],
  ])('%s', (_name, fragment, text, values) => {
    expect(fragment.render()).toEqual({ text, values });
  });

  test.each(['', 'Contact', 'a b', 'a;b', '1a', 'a"', 'a.b', nasty])('refuses %j as a name', name => {
    expect(() => identifier(name)).toThrow('not a plain SQL name');
  });

  test.each(["'", 'a b', 'é', '\\', nasty])('refuses %j as a literal', value => {
    expect(() => literal(value)).toThrow('not a plain SQL literal');
  });

  test('refuses undefined: a forgotten value must not become null', () => {
    expect(() => sql`a = ${undefined}`).toThrow('undefined');
  });

  test('rendering twice gives the same, and a rendered list can be changed freely', () => {
    const fragment = sql`a = ${1}`;
    fragment.render().values.push('extra');
    expect(fragment.render().values).toEqual([1]);
  });
});
