/**
 * Upsert and update of contacts, one or a thousand, in one transaction: find who is meant, lock them, write columns, identities,
 * addresses, consents and groups set-based, bring reach up to date. Nothing that was not sent is touched.
 */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import type { ContactEdit } from '../contract/bulk-edits.js';
import { type BulkResult, type BulkUpsert, type UpdateContact, type UpsertContact, upsertContact } from '../contract/contacts.js';
import type { ContactId, WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { AppError } from '../platform/errors.js';
import { counter } from '../platform/metrics.js';
import { parseAs } from '../platform/http/validation.js';
import { Signing } from '../platform/signing.js';
import { registryFor, registryForeseen, storedDraft } from './attributes/store-attributes.js';
import { recordChange } from './changes.js';
import { leaveGroups } from './groups.sql.js';
import { IdentityBook, type KnownAddress, type KnownIdentity, type Person } from './identity-book.js';
import { type ContactDraft, normalizeContact } from './normalize-contact.js';
import { holdContact } from './require-contact.js';
import { countOwned, findAddresses, findExternalIds, findIdentities, lockContacts } from './upsert.sql.js';
import { Overtaken, writePeople } from './write-people.js';

const written = counter('muster_contacts_written_total', 'Contacts that API calls created, updated, or failed to.', ['outcome']);

type Outcome = { id: ContactId; outcome: 'created' | 'updated' };
type Failure = BulkResult['results'][number];

@Injectable()
export class UpsertService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly signing: Signing,
  ) {}

  async upsert(actor: Actor, input: UpsertContact): Promise<Outcome> {
    const sent = normalizeContact(input, await this.countryOf(actor), this.clock.now());
    return this.db.transaction(async tx => {
      const draft = storedDraft(await registryFor(tx, actor, [sent]), sent);
      const book = await openBook(tx, actor.workspaceId, [draft]);
      const person = book.add(draft, '');
      await this.write(tx, actor, book);
      const done = outcomeOf(person);
      written.inc({ outcome: done.outcome });
      await audit(tx, actor, `contact.${done.outcome}`, `contact:${done.id}`);
      return done;
    });
  }

  async update(actor: Actor, id: ContactId, input: UpdateContact): Promise<void> {
    const sent = normalizeContact(input, await this.countryOf(actor), this.clock.now());
    // Updated by its id a contact has one external id: the new one takes the place of the old one.
    if (input.externalId != null) sent.cleared.push('external_id');
    await this.db.transaction(async tx => {
      const draft = storedDraft(await registryFor(tx, actor, [sent]), sent);
      await holdContact(tx, actor.workspaceId, id);
      const book = await openBook(tx, actor.workspaceId, [draft], id);
      book.add(draft, '', id);
      await this.write(tx, actor, book);
      await audit(tx, actor, 'contact.updated', `contact:${id}`);
      written.inc({ outcome: 'updated' });
    });
  }

  /** Throws for an edit that could be applied to nobody; writes nothing. */
  async checkEdit(actor: Actor, edit: ContactEdit): Promise<void> {
    const now = this.clock.now();
    const sent = normalizeContact(asContact(edit, now), await this.countryOf(actor), now, '/set');
    storedDraft(await registryForeseen(this.db, actor, [sent]), sent, '/set');
  }

  /** The same edit for many, in the caller's transaction; returns how many of them are still there. `at`: when consent was withdrawn. */
  async edit(tx: Tx, actor: Actor, ids: readonly ContactId[], edit: ContactEdit, at: Date): Promise<number> {
    const { workspaceId } = actor;
    const sent = normalizeContact(asContact(edit, at), await this.countryOf(actor), this.clock.now());
    const draft = storedDraft(await registryFor(tx, actor, [sent]), sent);
    const known = await tx.rows<{ id: ContactId }>(lockContacts(workspaceId, ids));
    const book = new IdentityBook([], []);
    for (const { id } of known) book.add(draft, '', id);
    await this.write(tx, actor, book);
    await leaveAll(tx, workspaceId, known, edit);
    return known.length;
  }

  /** Row by row its outcome; a bad row is left out and says why, the others are written together. */
  async upsertBulk(actor: Actor, { contacts, defaultCountry }: BulkUpsert): Promise<BulkResult> {
    const country = defaultCountry ?? (await this.countryOf(actor));
    const now = this.clock.now();
    const sent = contacts.map((row, i) =>
      attempt(() => normalizeContact(parseAs(upsertContact, row, `/contacts/${i}`), country, now, `/contacts/${i}`)),
    );
    return this.db.transaction(async tx => {
      const registry = await registryFor(tx, actor, sent.filter(isDone));
      const drafts = sent.map((draft, i) =>
        isDone(draft) ? attempt(() => storedDraft(registry, draft, `/contacts/${i}`)) : draft,
      );
      const book = await openBook(tx, actor.workspaceId, drafts.filter(isDone));
      const people = drafts.map((draft, i) => (isDone(draft) ? attempt(() => book.add(draft, `/contacts/${i}`)) : draft));
      await this.write(tx, actor, book);
      const result = toBulkResult(people);
      const { created, updated, failed } = result;
      for (const [outcome, count] of Object.entries({ created, updated, failed })) written.inc({ outcome }, count);
      await audit(tx, actor, 'contacts.upserted', null, { created, updated, failed });
      return result;
    });
  }

  private async write(tx: Tx, actor: Actor, book: IdentityBook): Promise<void> {
    const people = book.writes;
    const known = people.flatMap(person => person.id ?? []);
    const locked = await tx.rows(lockContacts(actor.workspaceId, known));
    if (locked.length < known.length || !(await areStillTheirs(tx, actor.workspaceId, book.foundBy))) throw new Overtaken();
    const hash = (channel: string, address: string): string =>
      this.signing.hashAddress(actor.workspaceId, channel, address).toString('hex');
    await writePeople(tx, actor, people, hash, this.clock.now());
  }

  private async countryOf(actor: Actor): Promise<string> {
    return (await this.accounts.getWorkspace(actor.workspaceId)).defaultCountry;
  }
}

async function openBook(tx: Tx, workspaceId: WorkspaceId, drafts: ContactDraft[], target?: ContactId): Promise<IdentityBook> {
  const wanted = drafts.flatMap(draft => draft.identities.map(({ kind, value }) => ({ kind, value })));
  const known = await tx.rows<KnownIdentity>(findIdentities(workspaceId, wanted));
  if (target) known.push(...(await tx.rows<KnownIdentity>(findExternalIds(workspaceId, target))));
  const ids = [...new Set([...known.map(({ contactId }) => contactId), ...(target ? [target] : [])])];
  return new IdentityBook(known, await tx.rows<KnownAddress>(findAddresses(workspaceId, ids)));
}

/** Before they were locked, somebody may have taken away by what they were found. */
async function areStillTheirs(tx: Tx, workspaceId: WorkspaceId, found: readonly KnownIdentity[]): Promise<boolean> {
  if (found.length === 0) return true;
  const owned = found.map(({ contactId, kind, value }) => ({ contact_id: contactId, kind, value }));
  return (await tx.row<{ count: number }>(countOwned(workspaceId, owned)))?.count === found.length;
}

function asContact({ set, addTags, addToLists, withdraw = [] }: ContactEdit, at: Date): UpdateContact {
  const consent = withdraw.map(said => ({ ...said, state: 'withdrawn' as const, occurredAt: at.toISOString() }));
  return { ...set, tags: addTags, lists: addToLists, consent };
}

async function leaveAll(
  tx: Tx,
  workspaceId: WorkspaceId,
  people: readonly { id: ContactId }[],
  edit: ContactEdit,
): Promise<void> {
  const ids = people.map(({ id }) => id);
  const groups = { list: edit.removeFromLists, tag: edit.removeTags };
  for (const kind of ['list', 'tag'] as const) {
    const left = await tx.rows<{ contact_id: ContactId }>(leaveGroups(workspaceId, kind, groups[kind] ?? [], ids));
    await recordChange(tx, workspaceId, { kind, contactIds: [...new Set(left.map(row => row.contact_id))] });
  }
}

function outcomeOf(person: Person): Outcome {
  if (person.id === null) throw new Error('the person was not written');
  return { id: person.id, outcome: person.isNew ? 'created' : 'updated' };
}

function isDone<Value>(value: Value | AppError): value is Value {
  return !(value instanceof AppError);
}

function attempt<Value>(work: () => Value): Value | AppError {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** A person named by several rows is created by the first and updated by the others. */
function toBulkResult(people: readonly (Person | AppError)[]): BulkResult {
  const seen = new Set<Person>();
  const results = people.map((person, index): Failure => {
    if (!isDone(person))
      return { index, outcome: 'failed', code: person.code, detail: person.message, errors: [...person.fields] };
    const { id, outcome } = outcomeOf(person);
    const again = seen.has(person);
    seen.add(person);
    return { index, outcome: again ? 'updated' : outcome, id };
  });
  const count = (outcome: string): number => results.filter(result => result.outcome === outcome).length;
  return { created: count('created'), updated: count('updated'), failed: count('failed'), results };
}
