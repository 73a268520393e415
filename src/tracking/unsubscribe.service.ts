/**
 * The unsubscribe link of a mail. Its token names workspace, contact, channel, topic and dispatch. Looking changes nothing; acting is idempotent: from
 * the topic for everybody who shares the address; or from everything on the channel by a suppression, and by withdrawing what the
 * person of the link allows, whose address may be another by now.
 */
import { Injectable } from '@nestjs/common';
import { type Actor, systemActor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import { ConsentsService } from '../contacts/consents.service.js';
import { recordEvents } from '../contacts/events.js';
import { SuppressionsService } from '../contacts/suppressions.service.js';
import type { Channel, ContactId, DispatchId, WorkspaceId } from '../domain/ids.js';
import { MessagesService } from '../messages/messages.service.js';
import { Clock } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database/database.js';
import { counter } from '../platform/metrics.js';
import { Signing } from '../platform/signing.js';
import { selectAddress, selectNotWithdrawn } from './people.sql.js';

const unsubscribes = counter('muster_unsubscribes_total', 'Unsubscribes that changed something.', ['channel', 'scope', 'method']);

export type UnsubscribeScope = 'topic' | 'all';
export type UnsubscribeMethod = 'one-click' | 'page';

export type Unsubscriber = {
  workspaceId: WorkspaceId;
  contactId: ContactId;
  channel: Channel;
  topic: string;
  dispatchId: DispatchId;
};

@Injectable()
export class UnsubscribeService {
  constructor(
    private readonly db: Database,
    private readonly consents: ConsentsService,
    private readonly suppressions: SuppressionsService,
    private readonly signing: Signing,
    private readonly clock: Clock,
    private readonly messages: MessagesService,
  ) {}

  /** Null for a token that is not ours. */
  read(token: string): Unsubscriber | null {
    const [workspaceId, contactId, channel, topic, dispatchId] = this.signing.verify('unsubscribe', token) ?? [];
    if (!workspaceId || !contactId || (channel !== 'sms' && channel !== 'email') || !topic || !dispatchId) return null;
    return { workspaceId: workspaceId as WorkspaceId, contactId, channel, topic, dispatchId };
  }

  /** Where the message went; null when nobody knows any more. */
  async addressOf({ workspaceId, contactId, channel, dispatchId }: Unsubscriber): Promise<string | null> {
    const row = await this.db.row<{ address: string | null }>(selectAddress(workspaceId, contactId, channel, dispatchId));
    return row?.address ?? null;
  }

  async unsubscribe(who: Unsubscriber, scope: UnsubscribeScope, method: UnsubscribeMethod): Promise<void> {
    const address = await this.addressOf(who);
    const actor = systemActor(who.workspaceId, 'recipient');
    await this.db.transaction(async tx => {
      const leaving = await this.withdraw(tx, actor, who, address, method);
      const hasChanged = scope === 'all' && (await this.leaveAll(tx, actor, who, address, method));
      if (leaving.length === 0 && !hasChanged) return;
      await this.recordLeaving(tx, who, leaving.length > 0 ? leaving : [who.contactId], scope);
      await audit(tx, actor, 'contact.unsubscribed', `contact:${who.contactId}`, {
        channel: who.channel,
        topic: who.topic,
        scope,
        method,
      });
      unsubscribes.inc({ channel: who.channel, scope, method });
    });
  }

  /** Appends to the evidence only where it says something new, so that a second click is the same as one. */
  private async withdraw(
    tx: Tx,
    actor: Actor,
    who: Unsubscriber,
    address: string | null,
    method: UnsubscribeMethod,
  ): Promise<ContactId[]> {
    const { workspaceId, contactId, channel, topic, dispatchId } = who;
    const rows = await tx.rows<{ id: ContactId }>(selectNotWithdrawn(workspaceId, contactId, channel, address, topic));
    const proof = { dispatchId, method, clickedBy: contactId };
    for (const { id } of rows)
      await this.consents.record(tx, actor, id, { channel, topic, state: 'withdrawn', source: 'unsubscribe-link', proof });
    return rows.map(({ id }) => id);
  }

  private leaveAll(tx: Tx, actor: Actor, who: Unsubscriber, address: string | null, method: UnsubscribeMethod): Promise<boolean> {
    const { channel, dispatchId, contactId } = who;
    const details = { dispatchId, method, contactId };
    const refusal = { channel, reason: 'unsubscribe' as const, source: 'unsubscribe-link', details };
    return address === null
      ? this.suppressions.withdrawAllOf(tx, actor, contactId, refusal)
      : this.suppressions.suppress(tx, actor, { ...refusal, address, alsoOf: contactId });
  }

  private async recordLeaving(tx: Tx, who: Unsubscriber, leaving: readonly ContactId[], scope: UnsubscribeScope): Promise<void> {
    const { workspaceId, channel, topic, dispatchId } = who;
    const at = this.clock.now();
    const properties = { channel, topic, scope, dispatchId };
    await recordEvents(
      tx,
      workspaceId,
      leaving.map(contactId => ({ contactId, name: 'message.unsubscribed', at, properties, source: 'tracking' })),
    );
    await this.messages.recordResponses(tx, workspaceId, [
      { contactId: who.contactId, dispatchId, channel, kind: 'unsubscribed', at },
    ]);
  }
}
