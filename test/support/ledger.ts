/** Messages on the wire, as delivery leaves them between handing over and settling: for specs of what comes back. */
import { sql } from '../../src/domain/sql.js';
import type { Channel } from '../../src/domain/ids.js';
import { MessagesService } from '../../src/messages/messages.service.js';
import { GatewaysService } from '../../src/gateways/gateways.service.js';
import { Signing } from '../../src/platform/signing.js';
import type { TestApp } from './app.js';

export type OnTheWire = {
  dispatchId: string;
  gatewayId: string;
  receiptToken(contactId: string): string;
  stateOf(contactId: string): Promise<Row | null>;
};
export type Row = { state: string; provider_id: string | null; error_code: string | null };

/** Freezes these contacts into a dispatch that is due tomorrow, and writes their rows as `sending` under a lease that holds. */
export async function putOnTheWire(app: TestApp, channel: Channel, contactIds: readonly string[]): Promise<OnTheWire> {
  const { workspaceId, db } = app;
  const messages = app.get(MessagesService);
  const gatewayId = await app.get(GatewaysService).resolve(workspaceId, channel, null);
  const tomorrow = new Date(app.clock.now().getTime() + 24 * 3600 * 1000);
  const common = {
    sourceKind: 'campaign' as const,
    sourceId: '1',
    name: 'Test',
    templateId: '1',
    templateVersion: 1,
    sender: {},
  };
  const plan = {
    channel,
    class: 'transactional' as const,
    topic: 'news',
    gatewayId,
    resendPolicy: 'never' as const,
    sendAfter: tomorrow,
    endsAt: null,
  };
  const dispatchId = await db.transaction(tx =>
    messages.createDispatch(tx, workspaceId, { ...common, ...plan, audience: { include: [], exclude: [] } }),
  );
  await messages.freeze(workspaceId, dispatchId, sql`c.id = any(${contactIds}::bigint[])`);
  await db.run(sql`update message set state = 'sending', lease_until = ${tomorrow}, gateway_id = ${gatewayId}, sent_at = now()
    where workspace_id = ${workspaceId} and dispatch_id = ${dispatchId}`);
  return {
    dispatchId,
    gatewayId,
    receiptToken: contactId => app.get(Signing).sign('receipt', [workspaceId, dispatchId, contactId, channel, '0', gatewayId]),
    stateOf: contactId =>
      db.row<Row>(sql`select state, provider_id, error_code from message
        where workspace_id = ${workspaceId} and dispatch_id = ${dispatchId} and contact_id = ${contactId}`),
  };
}
