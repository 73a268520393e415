/** Writes what an upsert decided for each person, in the order the tables need: contact, identities, addresses, consents, groups, reach. */
import type { Actor } from '../accounts/actor.js';
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import type { Tx } from '../platform/database/database.js';
import { recordChange } from './changes.js';
import { insertConsents, toConsentRow } from './consents.sql.js';
import { ensureGroups, type GroupKind, joinGroups } from './groups.sql.js';
import type { Person } from './identity-book.js';
import { contactsOf, upsertAddresses } from './reach.sql.js';
import { refreshReach } from './reach.js';
import {
  type AddressRow,
  deleteAddresses,
  deleteIdentities,
  givenAddresses,
  insertContacts,
  insertIdentities,
  nextContactIds,
  preferredAddresses,
  updateContacts,
} from './upsert.sql.js';

/** Another transaction changed who is who since we looked. The code makes the whole transaction run again. */
export class Overtaken extends Error {
  readonly code = '40001';
}

type Hash = (channel: string, address: string) => string;
type Written = Person & { id: ContactId };

/** New people get their ids here. The known ones are locked already. */
export async function writePeople(tx: Tx, actor: Actor, people: readonly Person[], hash: Hash, now: Date): Promise<void> {
  if (people.length === 0) return;
  const { workspaceId } = actor;
  const written = await giveIds(tx, people);
  const ids = written.map(({ id }) => id);
  await writeContacts(tx, workspaceId, written, now);
  await writeIdentities(tx, workspaceId, written);
  const addresses = written.flatMap(person => addressRows(person, hash));
  if (addresses.length > 0) await tx.run(upsertAddresses(workspaceId, givenAddresses(addresses)));
  await writeConsents(tx, actor, written, now);
  await refreshReach(tx, workspaceId, contactsOf(ids), now, preferredAddresses(addresses));
  await recordChange(tx, workspaceId, { kind: 'contact', contactIds: ids });
  await writeGroups(tx, workspaceId, 'list', written);
  await writeGroups(tx, workspaceId, 'tag', written);
}

async function giveIds(tx: Tx, people: readonly Person[]): Promise<Written[]> {
  const fresh = people.filter(person => person.id === null);
  const ids = fresh.length > 0 ? await tx.rows<{ id: ContactId }>(nextContactIds(fresh.length)) : [];
  fresh.forEach((person, i) => (person.id = ids[i]?.id ?? null));
  return people as Written[];
}

async function writeContacts(tx: Tx, workspaceId: WorkspaceId, people: readonly Written[], now: Date): Promise<void> {
  const toRow = ({ id, write }: Written) => ({ id, columns: write.columns, attributes: write.attributes });
  const fresh = people.filter(person => person.isNew).map(toRow);
  const known = people.filter(person => !person.isNew).map(toRow);
  if (fresh.length > 0) await tx.run(insertContacts(workspaceId, fresh, now));
  if (known.length > 0) await tx.run(updateContacts(workspaceId, known, now));
}

async function writeIdentities(tx: Tx, workspaceId: WorkspaceId, people: readonly Written[]): Promise<void> {
  const cleared = people.flatMap(({ id, write }) => [...write.cleared].map(kind => ({ contact_id: id, kind })));
  if (cleared.length > 0) {
    await tx.run(deleteIdentities(workspaceId, cleared));
    await tx.run(deleteAddresses(workspaceId, cleared));
  }
  const rows = people.flatMap(({ id, write }) =>
    [...write.identities.values()].map(({ kind, value }) => ({ contact_id: id, kind, value })),
  );
  if (rows.length > 0 && (await tx.run(insertIdentities(workspaceId, rows))) < rows.length) throw new Overtaken();
}

function addressRows({ id, write }: Written, hash: Hash): AddressRow[] {
  return [...write.addresses.values()].map(({ channel, address, country, areaCode, lineType, domain, isPreferred }) => ({
    contact_id: id,
    channel,
    address,
    address_hash: hash(channel, address),
    country,
    area_code: areaCode,
    line_type: lineType,
    domain,
    is_preferred: isPreferred,
  }));
}

async function writeConsents(tx: Tx, actor: Actor, people: readonly Written[], now: Date): Promise<void> {
  const rows = people.flatMap(({ id, write }) => write.consents.map(consent => toConsentRow(id, consent)));
  if (rows.length === 0) return;
  await tx.run(insertConsents(actor.workspaceId, rows, actor.name, now));
  await recordChange(tx, actor.workspaceId, { kind: 'consent', contactIds: [...new Set(rows.map(row => row.contact_id))] });
}

async function writeGroups(tx: Tx, workspaceId: WorkspaceId, kind: GroupKind, people: readonly Written[]): Promise<void> {
  const rows = people.flatMap(({ id, write }) =>
    [...(kind === 'list' ? write.lists : write.tags)].map(name => ({ contact_id: id, name })),
  );
  if (rows.length === 0) return;
  await tx.run(ensureGroups(workspaceId, kind, [...new Set(rows.map(row => row.name))]));
  const joined = await tx.rows<{ contact_id: ContactId }>(joinGroups(workspaceId, kind, rows));
  await recordChange(tx, workspaceId, { kind, contactIds: [...new Set(joined.map(row => row.contact_id))] });
}
