/** The people of one batch: who each row is, then contacts, identities, consents and addresses, in the transaction of the batch. */
import type { ContactId, WorkspaceId } from '../../domain/ids.js';
import type { Tx } from '../../platform/database/database.js';
import { refreshReach } from '../reach.js';
import { sql } from '../../domain/sql.js';
import {
  addAddresses, type Batch, type Columns, type ConsentSpec, createMergeTables, drawContactIds, dropPrimaryPreferred, fillMergeRows, findPreferred,
  insertAddresses, insertConsents, insertContacts, insertIdentities, lockContacts, selectOwners, selectRows, selectWithExternalId, updateContacts,
} from './merge.sql.js';
import { type Holder, identityKey, type IdentityKind, type Person, type Resolved, type ResolveMode, resolvePeople, type RowIdentities } from './resolve-people.js';
import type { MoreAddress } from './row-reader.js';
import type { ImportOptions } from '../../contract/imports.js';

export type PeopleOrder = {
  workspaceId: WorkspaceId;
  actor: string;
  mode: ResolveMode;
  columns: Columns;
  emptyMeans: ImportOptions['emptyMeans'];
  consents: readonly ConsentSpec[];
  importedAt: Date;
  now: Date;
};

export type MergedPeople = {
  created: ContactId[];
  updated: ContactId[];
  /** Known people whose addresses or consents changed. */
  touched: ContactId[];
  skipped: string[];
  unknown: string[];
};

type StagedRow = { n: string; more: MoreAddress[] | null } & { [Kind in IdentityKind]: string | null } & {
  [Kind in `${IdentityKind}_owner`]: ContactId | null;
};

export async function mergePeople(tx: Tx, batch: Batch, order: PeopleOrder): Promise<MergedPeople> {
  const resolved = await resolve(tx, batch, order);
  await fillPeople(tx, resolved);
  const created = resolved.people.filter(person => person.isNew).map(contactIdOf);
  const hasKnown = resolved.people.length > created.length;
  const { workspaceId, columns, emptyMeans, now } = order;
  if (hasKnown) await tx.run(lockContacts(workspaceId));
  if (created.length > 0) await tx.run(insertContacts(workspaceId, batch, columns, emptyMeans, now));
  await claimIdentities(tx, workspaceId, resolved);
  if (order.consents.length > 0)
    await tx.run(insertConsents(workspaceId, batch, order.consents, order.actor, order.importedAt, now));
  if (created.length > 0) await tx.run(insertAddresses(workspaceId, batch, now));
  const { skipped, unknown } = resolved;
  if (!hasKnown || order.mode !== 'upsert') return { created, updated: [], touched: [], skipped, unknown };
  return { created, ...(await mergeKnown(tx, batch, order)), skipped, unknown };
}

async function resolve(tx: Tx, batch: Batch, { workspaceId, mode }: PeopleOrder): Promise<Resolved> {
  const rows = await tx.rows<StagedRow>(selectRows(workspaceId, batch));
  const identities = rows.map(identitiesOf);
  const resolved = resolvePeople(identities, await findHolders(tx, workspaceId, rows), mode);
  const fresh = resolved.people.filter(person => person.isNew);
  if (fresh.length > 0) {
    const ids = await tx.rows<{ id: ContactId }>(drawContactIds(fresh.length));
    fresh.forEach((person, i) => (person.contactId = ids[i]?.id ?? null));
  }
  return resolved;
}

function identitiesOf(row: StagedRow): RowIdentities {
  const of = (kind: IdentityKind, channel?: string): (readonly [IdentityKind, string])[] => [
    ...(row[kind] === null ? [] : [[kind, row[kind]] as const]),
    ...(row.more ?? []).flatMap(more => (more.channel === channel ? [[kind, more.address] as const] : [])),
  ];
  return { n: row.n, identities: [...of('external_id'), ...of('email', 'email'), ...of('phone', 'sms'), ...of('anonymous_id')] };
}

const kinds = ['external_id', 'email', 'phone', 'anonymous_id'] as const satisfies readonly IdentityKind[];

async function findHolders(tx: Tx, workspaceId: WorkspaceId, rows: readonly StagedRow[]): Promise<Map<string, Holder>> {
  const owners = new Map<string, ContactId>();
  const named = new Set<ContactId>();
  for (const row of rows)
    for (const kind of kinds) {
      const [value, owner] = [row[kind], row[`${kind}_owner`]];
      if (value === null || owner === null) continue;
      owners.set(identityKey(kind, value), owner);
      if (kind === 'external_id') named.add(owner);
    }
  for (const owner of await findMoreOwners(tx, workspaceId, rows)) owners.set(identityKey(owner.kind, owner.value), owner.contact_id);
  const unsure = [...new Set(owners.values())].filter(id => !named.has(id));
  if (unsure.length > 0)
    for (const { contact_id: id } of await tx.rows<{ contact_id: ContactId }>(selectWithExternalId(workspaceId, unsure))) named.add(id);
  return new Map([...owners].map(([key, contactId]) => [key, { contactId, hasExternalId: named.has(contactId) }]));
}

type Owner = { kind: IdentityKind; value: string; contact_id: ContactId };

function findMoreOwners(tx: Tx, workspaceId: WorkspaceId, rows: readonly StagedRow[]): Promise<Owner[]> {
  const more = rows.flatMap(row => row.more ?? []);
  if (more.length === 0) return Promise.resolve([]);
  const kindOf = ({ channel }: MoreAddress): IdentityKind => (channel === 'sms' ? 'phone' : 'email');
  return tx.rows<Owner>(selectOwners(workspaceId, more.map(kindOf), more.map(({ address }) => address)));
}

async function fillPeople(tx: Tx, { people }: Resolved): Promise<void> {
  for (const table of createMergeTables) await tx.run(table);
  const rows = people.flatMap(person => person.rows.map(n => ({ n, person })));
  await tx.run(
    fillMergeRows({
      n: rows.map(row => row.n),
      contactIds: rows.map(row => contactIdOf(row.person)),
      isNew: rows.map(row => row.person.isNew),
      isRepeated: rows.map(row => row.person.rows.length > 1),
    }),
  );
  await tx.run(sql`analyze merge_row`);
}

/** An identity that another transaction took since we looked makes the whole batch run again, with that owner known. */
async function claimIdentities(tx: Tx, workspaceId: WorkspaceId, { claims }: Resolved): Promise<void> {
  if (claims.length === 0) return;
  const inserted = await tx.run(
    insertIdentities(workspaceId, claims.map(claim => claim.kind), claims.map(claim => claim.value), claims.map(claim => contactIdOf(claim.person))),
  );
  if (inserted < claims.length) throw Object.assign(new Error('an identity was taken meanwhile'), { code: serializationFailure });
}

/** SQLSTATE that `Database.transaction` answers with another try. */
const serializationFailure = '40001';

async function mergeKnown(tx: Tx, batch: Batch, { workspaceId, columns, emptyMeans, now }: PeopleOrder): Promise<{ updated: ContactId[]; touched: ContactId[] }> {
  const hasColumns = columns.plain.length > 0 || columns.hasAttributes;
  const updated = hasColumns ? await tx.rows<{ id: ContactId }>(updateContacts(workspaceId, batch, columns, emptyMeans, now)) : [];
  await tx.run(addAddresses(workspaceId, batch));
  await tx.run(findPreferred(batch));
  await tx.run(dropPrimaryPreferred(workspaceId));
  const touched = await tx.rows<{ contact_id: ContactId }>(
    sql`select contact_id from merge_touched union select contact_id from merge_preferred`,
  );
  if (touched.length > 0) {
    const people = sql`select contact_id from merge_touched union select contact_id from merge_preferred`;
    await refreshReach(tx, workspaceId, people, now, sql`select contact_id, channel, address from merge_preferred`);
  }
  return { updated: updated.map(({ id }) => id), touched: touched.map(row => row.contact_id) };
}

function contactIdOf(person: Person): ContactId {
  if (person.contactId === null) throw new Error('a person without an id');
  return person.contactId;
}
