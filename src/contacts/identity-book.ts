/**
 * Who is meant by the identities in a batch of contacts, decided in memory over what the database knows: lookup order
 * external id, email, phone, anonymous id. Also knows whom the batch itself makes, so that two rows may name one new person.
 */
import type { ContactId } from '../domain/ids.js';
import { AppError } from '../platform/errors.js';
import {
  type Address,
  type ConsentDraft,
  type ContactDraft,
  type Identity,
  type IdentityKind,
  identityNames,
} from './normalize-contact.js';

export type Person = {
  /** null until a new person is given one. */
  id: ContactId | null;
  isNew: boolean;
  externalIds: Set<string>;
  addresses: Set<string>;
  write: PersonWrite;
};

/** What the batch does to one person, its rows folded: later ones win per field. */
export type PersonWrite = {
  cleared: Set<IdentityKind>;
  identities: Map<string, Identity>;
  addresses: Map<string, Address>;
  columns: Record<string, unknown>;
  attributes: Record<string, unknown>;
  consents: ConsentDraft[];
  lists: Set<string>;
  tags: Set<string>;
};

export type KnownIdentity = { kind: IdentityKind; value: string; contactId: ContactId };
export type KnownAddress = { channel: string; address: string; contactId: ContactId };

const channelOf: Partial<Record<IdentityKind, string>> = { email: 'email', phone: 'sms' };

export class IdentityBook {
  private readonly people = new Map<ContactId, Person>();
  private readonly owners = new Map<string, Person>();
  private readonly touched = new Set<Person>();

  constructor(
    private readonly identities: readonly KnownIdentity[],
    addresses: readonly KnownAddress[],
  ) {
    for (const known of identities) this.learn(known);
    for (const { contactId, channel, address } of addresses) this.personOf(contactId).addresses.add(`${channel} ${address}`);
  }

  /** The people that some row was added to. */
  get writes(): readonly Person[] {
    return [...this.touched];
  }

  /** By what the people of `writes` were found, or could have been. */
  get foundBy(): readonly KnownIdentity[] {
    return this.identities.filter(({ contactId }) => this.touched.has(this.personOf(contactId)));
  }

  /** Adds a row to the person it names (`target` when the caller already knows), or to a new one. Throws a conflict that names both. */
  add(draft: ContactDraft, pointer: string, target?: ContactId): Person {
    const person = target ? this.personOf(target) : (this.find(draft) ?? newPerson(null));
    const own = draft.identities.filter(identity => this.belongsTo(person, identity, draft, pointer));
    this.clear(person, draft.cleared);
    const added = own.filter(identity => this.owners.get(keyOf(identity)) !== person);
    fold(person.write, draft, added);
    for (const identity of own) this.own(person, identity);
    for (const { channel, address } of draft.addresses) person.addresses.add(`${channel} ${address}`);
    this.touched.add(person);
    return person;
  }

  private learn({ kind, value, contactId }: KnownIdentity): void {
    const person = this.personOf(contactId);
    this.owners.set(keyOf({ kind, value }), person);
    if (kind === 'external_id') person.externalIds.add(value);
  }

  private personOf(id: ContactId): Person {
    const person = this.people.get(id) ?? newPerson(id);
    this.people.set(id, person);
    return person;
  }

  /** An unknown external id may join a person found otherwise only when that person has none: else it is somebody else. */
  private find(draft: ContactDraft): Person | undefined {
    const [first] = draft.identities;
    if (first?.kind === 'external_id') {
      const named = this.owners.get(keyOf(first));
      if (named) return named;
    }
    const found = draft.identities.flatMap(identity => this.owners.get(keyOf(identity)) ?? []);
    return first?.kind === 'external_id' ? found.find(person => person.externalIds.size === 0) : found[0];
  }

  /** False when the identity stays with its owner and only the address is shared; throws when it is simply another contact's. */
  private belongsTo(person: Person, identity: Identity, draft: ContactDraft, pointer: string): boolean {
    const owner = this.owners.get(keyOf(identity));
    if (!owner || owner === person) return true;
    if (isSharable(person, owner, identity, draft)) return false;
    const field = identityNames[identity.kind];
    throw new AppError(
      'conflict',
      `The ${field} names ${described(owner)}, the rest ${described(person)}; send what names one of them`,
      [{ pointer: pointer + identity.pointer, message: `Names ${described(owner)}, not ${described(person)}` }],
    );
  }

  private own(person: Person, identity: Identity): void {
    this.owners.set(keyOf(identity), person);
    if (identity.kind === 'external_id') person.externalIds.add(identity.value);
  }

  private clear(person: Person, kinds: readonly IdentityKind[]): void {
    for (const kind of kinds) {
      for (const [key, owner] of this.owners) if (owner === person && key.startsWith(`${kind} `)) this.owners.delete(key);
      if (kind === 'external_id') person.externalIds.clear();
    }
  }
}

/** Families share phones and mailboxes: two people with external ids of their own, or an address that is shared already. */
function isSharable(person: Person, owner: Person, identity: Identity, draft: ContactDraft): boolean {
  const channel = channelOf[identity.kind];
  if (channel === undefined) return false;
  const hasExternalId = person.externalIds.size > 0 || draft.identities[0]?.kind === 'external_id';
  return (hasExternalId && owner.externalIds.size > 0) || person.addresses.has(`${channel} ${identity.value}`);
}

function fold(write: PersonWrite, draft: ContactDraft, added: readonly Identity[]): void {
  for (const kind of draft.cleared) clearEarlier(write, kind);
  for (const identity of added) write.identities.set(keyOf(identity), identity);
  for (const address of draft.addresses) addAddress(write.addresses, address);
  Object.assign(write.columns, draft.columns);
  Object.assign(write.attributes, draft.attributes);
  write.consents.push(...draft.consents);
  for (const list of draft.lists) write.lists.add(list);
  for (const tag of draft.tags) write.tags.add(tag);
}

function clearEarlier(write: PersonWrite, kind: IdentityKind): void {
  write.cleared.add(kind);
  for (const [key, identity] of write.identities) if (identity.kind === kind) write.identities.delete(key);
  for (const [key, address] of write.addresses) if (address.channel === channelOf[kind]) write.addresses.delete(key);
}

/** One preferred address per channel: the last one sent as such. */
function addAddress(addresses: Map<string, Address>, added: Address): void {
  const key = `${added.channel} ${added.address}`;
  const isPreferred = added.isPreferred || (addresses.get(key)?.isPreferred ?? false);
  if (added.isPreferred)
    for (const [other, address] of addresses)
      if (address.channel === added.channel) addresses.set(other, { ...address, isPreferred: false });
  addresses.set(key, { ...added, isPreferred });
}

function newPerson(id: ContactId | null): Person {
  const write: PersonWrite = {
    cleared: new Set(),
    identities: new Map(),
    addresses: new Map(),
    columns: {},
    attributes: {},
    consents: [],
    lists: new Set(),
    tags: new Set(),
  };
  return { id, isNew: id === null, externalIds: new Set(), addresses: new Set(), write };
}

function keyOf({ kind, value }: { kind: IdentityKind; value: string }): string {
  return `${kind} ${value}`;
}

function described(person: Person): string {
  return person.id === null ? 'a contact that this request makes' : `contact ${person.id}`;
}
