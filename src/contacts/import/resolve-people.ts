/**
 * Which row of a batch is which person. Rows are taken in the order of the file and each sees what those before it
 * claimed, so the outcome does not depend on where batches are cut. Pure.
 *
 * A row is the person its first known identity names (external id, then email, phone, anonymous id), except that a
 * person with another external id is somebody else who shares the address. An identity belongs to whom it named first.
 */
import type { ContactId } from '../../domain/ids.js';

export type IdentityKind = 'external_id' | 'email' | 'phone' | 'anonymous_id';

/** Values by kind, strongest first; what the row lacks is not there. */
export type RowIdentities = { n: string; identities: readonly (readonly [IdentityKind, string])[] };

/** Who holds an identity before the batch. */
export type Holder = { contactId: ContactId; hasExternalId: boolean };

export type Person = {
  /** null until ids are drawn for the new ones. */
  contactId: ContactId | null;
  isNew: boolean;
  hasExternalId: boolean;
  rows: string[];
};

export type Claim = { kind: IdentityKind; value: string; person: Person };

/** `upsert`: all rows count. `skip`: rows of people already known are left out. `find`: unknown people stay unknown. */
export type ResolveMode = 'upsert' | 'skip' | 'create-missing' | 'find';

export type Resolved = {
  /** People with at least one row, in order of first appearance. */
  people: Person[];
  claims: Claim[];
  skipped: string[];
  unknown: string[];
};

export const identityKey = (kind: IdentityKind, value: string): string => `${kind}:${value}`;

export function resolvePeople(rows: readonly RowIdentities[], holders: ReadonlyMap<string, Holder>, mode: ResolveMode): Resolved {
  const known = new Map<string, Person>();
  const byContact = new Map<ContactId, Person>();
  const out: Resolved = { people: [], claims: [], skipped: [], unknown: [] };

  const find = (key: string): Person | undefined => known.get(key) ?? adopt(key);
  const adopt = (key: string): Person | undefined => {
    const holder = holders.get(key);
    if (!holder) return undefined;
    const person = byContact.get(holder.contactId) ?? { ...holder, isNew: false, rows: [] };
    byContact.set(holder.contactId, person);
    known.set(key, person);
    return person;
  };

  for (const row of rows) {
    const named = nameOf(row, find);
    if (mode === 'skip' && named) out.skipped.push(row.n);
    else if (mode === 'find' && !named) out.unknown.push(row.n);
    else take(row, named ?? { contactId: null, isNew: true, hasExternalId: false, rows: [] });
  }
  return out;

  function take(row: RowIdentities, person: Person): void {
    if (person.rows.length === 0) out.people.push(person);
    person.rows.push(row.n);
    if (mode === 'find' || (mode === 'create-missing' && !person.isNew)) return;
    for (const [kind, value] of row.identities) {
      const key = identityKey(kind, value);
      if (find(key)) continue;
      known.set(key, person);
      out.claims.push({ kind, value, person });
      if (kind === 'external_id') person.hasExternalId = true;
    }
  }
}

function nameOf(row: RowIdentities, find: (key: string) => Person | undefined): Person | undefined {
  const hasExternalId = row.identities.some(([kind]) => kind === 'external_id');
  for (const [kind, value] of row.identities) {
    const person = find(identityKey(kind, value));
    if (person && (kind === 'external_id' || !hasExternalId || !person.hasExternalId)) return person;
  }
  return undefined;
}
