/**
 * The rows of a batch whose person depends on the rows around them: read, resolved in the order of the file, written back to
 * merge_row. In most files they are few.
 */
import type { ContactId, WorkspaceId } from '../../domain/ids.js';
import type { Tx } from '../../platform/database/database.js';
import type { Claims } from './merge-people.sql.js';
import { type Batch, drawContactIds, selectOwners, selectTangled, selectWithExternalId, setResolved } from './merge-rows.sql.js';
import {
  type Holder,
  identityKey,
  type IdentityKind,
  type Person,
  resolvePeople,
  type ResolveMode,
  type RowIdentities,
} from './resolve-people.js';
import type { MoreAddress } from './row-reader.js';

type TangledRow = { n: string; more: MoreAddress[] | null } & { [Kind in IdentityKind]: string | null } & {
  [Kind in `${IdentityKind}_owner`]: ContactId | null;
};

/** What the tangled rows claim. Rows that the mode leaves out stay in merge_row without a contact. */
export async function untangle(tx: Tx, workspaceId: WorkspaceId, batch: Batch, mode: ResolveMode): Promise<Claims> {
  const rows = await tx.rows<TangledRow>(selectTangled(workspaceId, batch));
  if (rows.length === 0) return { kinds: [], values: [], contactIds: [] };
  const { people, claims } = resolvePeople(rows.map(identitiesOf), await findHolders(tx, workspaceId, rows), mode);
  await drawIds(tx, people);
  const named = people.flatMap(person => person.rows.map(n => ({ n, contactId: contactIdOf(person), isNew: person.isNew })));
  await tx.run(
    setResolved({ n: named.map(row => row.n), contactIds: named.map(row => row.contactId), isNew: named.map(row => row.isNew) }),
  );
  return {
    kinds: claims.map(claim => claim.kind),
    values: claims.map(claim => claim.value),
    contactIds: claims.map(claim => contactIdOf(claim.person)),
  };
}

async function drawIds(tx: Tx, people: readonly Person[]): Promise<void> {
  const fresh = people.filter(person => person.isNew);
  if (fresh.length === 0) return;
  const ids = await tx.rows<{ id: ContactId }>(drawContactIds(fresh.length));
  fresh.forEach((person, i) => (person.contactId = ids[i]?.id ?? null));
}

function identitiesOf(row: TangledRow): RowIdentities {
  const of = (kind: IdentityKind, channel?: string): (readonly [IdentityKind, string])[] => [
    ...(row[kind] === null ? [] : [[kind, row[kind]] as const]),
    ...(row.more ?? []).flatMap(more => (more.channel === channel ? [[kind, more.address] as const] : [])),
  ];
  return { n: row.n, identities: [...of('external_id'), ...of('email', 'email'), ...of('phone', 'sms'), ...of('anonymous_id')] };
}

const kinds = ['external_id', 'email', 'phone', 'anonymous_id'] as const satisfies readonly IdentityKind[];

async function findHolders(tx: Tx, workspaceId: WorkspaceId, rows: readonly TangledRow[]): Promise<Map<string, Holder>> {
  const owners = new Map<string, ContactId>();
  const named = new Set<ContactId>();
  for (const row of rows)
    for (const kind of kinds) {
      const [value, owner] = [row[kind], row[`${kind}_owner`]];
      if (value === null || owner === null) continue;
      owners.set(identityKey(kind, value), owner);
      if (kind === 'external_id') named.add(owner);
    }
  for (const owner of await findMoreOwners(tx, workspaceId, rows))
    owners.set(identityKey(owner.kind, owner.value), owner.contact_id);
  const unsure = [...new Set(owners.values())].filter(id => !named.has(id));
  if (unsure.length > 0)
    for (const { contact_id: id } of await tx.rows<{ contact_id: ContactId }>(selectWithExternalId(workspaceId, unsure)))
      named.add(id);
  return new Map([...owners].map(([key, contactId]) => [key, { contactId, hasExternalId: named.has(contactId) }]));
}

type Owner = { kind: IdentityKind; value: string; contact_id: ContactId };

function findMoreOwners(tx: Tx, workspaceId: WorkspaceId, rows: readonly TangledRow[]): Promise<Owner[]> {
  const more = rows.flatMap(row => row.more ?? []);
  if (more.length === 0) return Promise.resolve([]);
  const kindOf = ({ channel }: MoreAddress): IdentityKind => (channel === 'sms' ? 'phone' : 'email');
  return tx.rows<Owner>(
    selectOwners(
      workspaceId,
      more.map(kindOf),
      more.map(({ address }) => address),
    ),
  );
}

function contactIdOf(person: Person): ContactId {
  if (person.contactId === null) throw new Error('a person without an id');
  return person.contactId;
}
