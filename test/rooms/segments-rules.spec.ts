/**
 * Each kind of rule, four ways: its SQL and its values equal the golden file, the rows PostgreSQL picks are the expected
 * people, and `matches` picks the same; then generated rules on generated people, where SQL and `matches` must agree.
 */
import pg from 'pg';
import type { WorkspaceId } from '../../src/domain/ids.js';
import { compileSegment } from '../../src/domain/segment/compile.js';
import { matches } from '../../src/domain/segment/matches.js';
import type { RuleContext } from '../../src/domain/segment/definitions.js';
import { type Rule, segmentDocument } from '../../src/domain/segment/rule.js';
import { zoneNames } from '../../src/domain/segment/zone-names.js';
import { type Sql, sql } from '../../src/domain/sql.js';
import { createTestDatabase, type TestDatabase } from '../support/db.js';
import { expectGolden } from '../support/golden.js';
import { cases, cast, now, timeZone } from '../support/segments/cases.js';
import { Dice, generatePerson, generateRule, leafMakers, momentsAround, segmentRules } from '../support/segments/generate.js';
import { type Person, writePeople } from '../support/segments/people.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase('segments_rules');
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function idsFor(workspaceId: WorkspaceId, condition: Sql): Promise<string[]> {
  const statement = sql`select c.id from contact c where c.workspace_id = ${workspaceId} and c.erased_at is null and ${condition} order by c.id`;
  return (await pool.query<{ id: string }>(statement.render())).rows.map(row => row.id);
}

const idsMatching = (people: readonly Person[], rule: Rule, context: RuleContext): string[] =>
  people.filter(person => matches(rule, person, context)).map(person => person.id);

describe('each kind of rule', () => {
  const workspaceId = '1001' as WorkspaceId;
  const people = Object.values(cast);
  const context = { now, timeZone, segments: segmentRules };

  beforeAll(() => writePeople(pool, workspaceId, people));

  test.each(cases)('$name compiles as in its golden file', ({ name, rule }) => {
    const { text, values } = compileSegment(workspaceId, rule, context).render();
    expectGolden(`segments/${name}.sql`, `${text}\n${values.map((value, i) => `-- $${i + 1} = ${shown(value)}\n`).join('')}`);
  });

  test.each(cases)('$name picks the expected people, in SQL and in memory', async ({ rule, picks }) => {
    const expected = picks.map(name => cast[name].id);
    expect(segmentDocument.safeParse({ version: 1, rule }).error).toBeUndefined();
    expect(await idsFor(workspaceId, compileSegment(workspaceId, rule, context))).toEqual(expected);
    expect(idsMatching(people, rule, context)).toEqual(expected);
  });

  test('people of another workspace are never picked, whatever the ids', async () => {
    const other = '1002' as WorkspaceId;
    await writePeople(pool, other, [cast.ghost]);
    for (const { rule } of cases) {
      const found = await idsFor(other, compileSegment(other, rule, context));
      expect(found).toEqual(idsMatching([cast.ghost], rule, context));
    }
  });
});

/** Long lists (zones) by their ends: which zones share a day is the business of the tz database. */
function shown(value: unknown): string {
  if (!Array.isArray(value) || value.length <= 12) return JSON.stringify(value);
  return `[${value.at(0)} … ${value.at(-1)}]`;
}

describe('generated rules on generated people', () => {
  const moments = momentsAround(now);
  const dice = new Dice(20261122);
  const people = Array.from({ length: 400 }, (_, i) => generatePerson(i + 1, dice, moments));
  const workspaceId = '2001' as WorkspaceId;

  beforeAll(() => writePeople(pool, workspaceId, people));

  async function expectSame(rule: Rule, context: RuleContext): Promise<number> {
    const parsed = segmentDocument.safeParse({ version: 1, rule: JSON.parse(JSON.stringify(rule)) as unknown });
    if (!parsed.success) throw new Error(`not a rule: ${JSON.stringify(rule)} ${parsed.error.message}`);
    const inMemory = idsMatching(people, rule, context);
    const inSql = await idsFor(workspaceId, compileSegment(workspaceId, rule, context));
    // On a difference the rule itself is what one wants to see.
    if (inSql.join() !== inMemory.join()) expect({ rule, ids: inSql }).toEqual({ rule, ids: inMemory });
    return inSql.length;
  }

  test('900 single rules pick the same people in SQL and in memory, and most pick some but not all', async () => {
    let telling = 0;
    for (let i = 0; i < 900; i++) {
      const maker = leafMakers[i % leafMakers.length];
      if (!maker) throw new Error('no maker');
      const count = await expectSame(maker(dice, moments), { now, timeZone, segments: segmentRules });
      if (count > 0 && count < people.length) telling++;
    }
    expect(telling).toBeGreaterThan(500);
  });

  test('400 nested rules pick the same people in SQL and in memory', async () => {
    for (let i = 0; i < 400; i++) await expectSame(generateRule(dice, moments), { now, timeZone, segments: segmentRules });
  });

  test.each([
    ['2028-02-28T23:30:00Z', 'UTC'],
    ['2027-02-28T10:30:00Z', 'Pacific/Kiritimati'],
    ['2027-03-01T09:59:59Z', 'America/Los_Angeles'],
    ['2026-12-31T23:59:59.999Z', 'Etc/GMT+12'],
  ])('birthdays and days told from now agree at %s in a workspace in %s', async (at, zone) => {
    const context = { now: new Date(at), timeZone: zone, segments: segmentRules };
    for (const leapDay of ['feb-28', 'mar-1'] as const) {
      const birthday = { kind: 'anniversary', of: { field: 'birthDate' }, leapDay } as const;
      for (const operator of ['today', 'this-month'] as const) await expectSame({ ...birthday, operator }, context);
      for (const operator of ['in-days', 'within-days'] as const) {
        for (const days of [0, 1, 2, 364]) await expectSame({ ...birthday, operator, days }, context);
      }
    }
    for (const field of ['birthDate', 'createdAt'] as const) {
      for (const operator of ['before', 'on', 'after'] as const) {
        const value = { amount: 1, unit: 'days', direction: 'ago' } as const;
        await expectSame({ kind: 'attribute', field, operator, value }, context);
      }
    }
  });

  test.each([
    ['2028-02-29T11:30:00Z', 'UTC'],
    ['2027-02-28T10:30:00Z', 'Pacific/Kiritimati'],
    ['2027-03-01T09:59:59Z', 'America/Los_Angeles'],
    ['2026-12-31T23:59:59.999Z', 'Etc/GMT+12'],
  ])('ages agree at %s in a workspace in %s', async (at, zone) => {
    for (let value = 17; value <= 37; value++) {
      for (const operator of ['is', 'more', 'at-most'] as const) {
        await expectSame({ kind: 'age', operator, value }, { now: new Date(at), timeZone: zone, segments: segmentRules });
      }
    }
  });
});

test('the list of time zones has every zone that PostgreSQL and this runtime know', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select name from pg_timezone_names where name !~ '^(posix|right)/' and name not in ('localtime', 'posixrules', 'Factory')`,
  );
  const known = [...rows.map(row => row.name), ...Intl.supportedValuesOf('timeZone')];
  expect(known.filter(name => !zoneNames.has(name))).toEqual([]);
});
