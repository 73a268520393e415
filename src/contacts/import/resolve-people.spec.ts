// Which row is which person: the outcome must not depend on where a file is cut into batches.
import { type Holder, identityKey, resolvePeople, type ResolveMode, type RowIdentities } from './resolve-people.js';

type Row = Partial<Record<'external_id' | 'email' | 'phone', string>>;

const rowsOf = (rows: Row[]): RowIdentities[] =>
  rows.map((row, i) => ({
    n: String(i + 1),
    identities: (['external_id', 'email', 'phone'] as const).flatMap(kind => (row[kind] ? [[kind, row[kind]] as const] : [])),
  }));

/** People as the groups of row numbers, and who holds what in the end, with each batch of `size` rows seeing the one before. */
function run(
  rows: Row[],
  size = rows.length,
  mode: ResolveMode = 'upsert',
): { groups: string[][]; holders: Record<string, string> } {
  const holders = new Map<string, Holder>();
  const groups = new Map<string, string[]>();
  const all = rowsOf(rows);
  for (let from = 0; from < all.length; from += size) {
    const { people, claims } = resolvePeople(all.slice(from, from + size), holders, mode);
    for (const person of people) {
      person.contactId ??= `c${groups.size + 1}`;
      groups.set(person.contactId, [...(groups.get(person.contactId) ?? []), ...person.rows]);
    }
    for (const { kind, value, person } of claims)
      holders.set(identityKey(kind, value), { contactId: person.contactId ?? '', hasExternalId: false });
    for (const [key, { contactId }] of holders) {
      const hasExternalId = [...holders].some(
        ([other, holder]) => holder.contactId === contactId && other.startsWith('external_id:'),
      );
      holders.set(key, { contactId, hasExternalId });
    }
  }
  return {
    groups: [...groups.values()],
    holders: Object.fromEntries([...holders].map(([key, { contactId }]) => [key, contactId])),
  };
}

const tangle: Row[] = [
  { external_id: '1', email: 'a@x.fi', phone: '+1' },
  { external_id: '2', email: 'b@x.fi', phone: '+1' },
  { email: 'a@x.fi' },
  { phone: '+1', email: 'c@x.fi' },
  { email: 'd@x.fi' },
  { external_id: '3', email: 'd@x.fi' },
  { external_id: '4', email: 'd@x.fi' },
  { phone: '+2' },
  { email: 'e@x.fi', phone: '+2' },
  { external_id: '1', phone: '+3' },
];

test('rows of one person fold, a phone of two customers stays with the first', () => {
  const { groups, holders } = run(tangle);
  expect(groups).toEqual([['1', '3', '4', '10'], ['2'], ['5', '6'], ['7'], ['8', '9']]);
  expect(holders['phone:+1']).toBe('c1');
  expect(holders['email:d@x.fi']).toBe('c3');
});

test.each([1, 2, 3, 4, 5, 7])('batches of %i rows give the same people as one batch', size => {
  expect(run(tangle, size)).toEqual(run(tangle));
});

test('skipping leaves out people already known, in the file or before it', () => {
  expect(run(tangle, 3, 'skip').groups).toEqual(run(tangle, 10, 'skip').groups);
  expect(run([{ email: 'a' }, { email: 'a' }], 2, 'skip').groups).toEqual([['1']]);
});

test('finding makes nobody and claims nothing', () => {
  const { people, unknown, claims } = resolvePeople(rowsOf([{ email: 'a' }]), new Map(), 'find');
  expect({ people, unknown, claims }).toEqual({ people: [], unknown: ['1'], claims: [] });
});
