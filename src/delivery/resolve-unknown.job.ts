/**
 * Looks after messages that were on the wire when their process died. A provider that can be asked is asked; under the
 * `once` policy (email) a message goes out one more time with the same Message-ID; everything else waits for a receipt, and
 * absence proves nothing. Safe to run twice: each row moves by the state table, and a resend is recorded before it happens.
 */
import type { DispatchId, WorkspaceId } from '../domain/ids.js';
import { slotOf } from '../domain/hash.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import type { OpenSmsGateway } from '../gateways/open-gateway.js';
import { type Dispatch, templateOf } from '../messages/dispatch.js';
import { resolveUnknown } from '../messages/jobs.js';
import { LedgerService } from '../messages/ledger.service.js';
import { MessagesService } from '../messages/messages.service.js';
import type { UnknownRow } from '../messages/recovery.sql.js';
import { Clock } from '../platform/clock.js';
import { Handles, type JobHandler } from '../platform/jobs/handles.js';
import { TemplatesService } from '../templates/templates.service.js';
import { tryRender } from './compose.js';

/** A worker that only lost its database for a moment settles its wave within this time; resending sooner would double it. */
export const resendAfterMs = 5_000;
/** Asked of a provider in one run. */
const batchSize = 200;
/** A provider's clock may be behind ours by this much. */
const clockSkewMs = 60_000;

type Payload = { workspaceId: WorkspaceId; dispatchId: DispatchId };

@Handles(resolveUnknown)
export class ResolveUnknownJob implements JobHandler<Payload> {
  constructor(
    private readonly ledger: LedgerService,
    private readonly messages: MessagesService,
    private readonly gateways: GatewaysService,
    private readonly templates: TemplatesService,
    private readonly clock: Clock,
  ) {}

  async handle({ workspaceId, dispatchId }: Payload): Promise<void> {
    const dispatch = await this.messages.getDispatch(workspaceId, dispatchId);
    const rows = await this.ledger.listUnknown(workspaceId, dispatchId, resendAfterMs, batchSize);
    if (rows.length === 0) return;
    if (dispatch.resendPolicy === 'once') return this.resend(dispatch, rows);
    const gateway = await this.gateways.open(workspaceId, dispatch.gatewayId);
    if (gateway.channel === 'sms' && gateway.sms.find) await this.ask(dispatch, gateway, rows);
  }

  /** Not while paused, and not when nothing may go any more: it stays unknown, which is the truth; planned, it would end as never sent. */
  private async resend(dispatch: Dispatch, rows: readonly UnknownRow[]): Promise<void> {
    if (dispatch.state !== 'sending' || (dispatch.endsAt && dispatch.endsAt <= this.clock.now())) return;
    const resent = await this.ledger.resendOnce(
      dispatch,
      rows.map(row => row.contact_id),
    );
    if (resent === 0) return;
    await this.messages.ringDrains(dispatch.workspaceId, dispatch.id);
  }

  /** The provider's own list is the evidence: same recipient, same text, not before this dispatch began. */
  private async ask(dispatch: Dispatch, gateway: OpenSmsGateway, rows: readonly UnknownRow[]): Promise<void> {
    const since = new Date(dispatch.createdAt.getTime() - clockSkewMs);
    for (const row of rows) {
      const { templateId, templateVersion } = templateOf(dispatch, row.variant);
      const content = await this.templates.getCompiled(dispatch.workspaceId, templateId, templateVersion);
      const rendered = tryRender(content, row.merge_values);
      if (rendered?.channel !== 'sms') continue;
      // Noted first: a provider that cannot answer is not asked for the same message at every sweep.
      await this.ledger.noteAsked(dispatch, row.contact_id);
      const found = (await gateway.sms.find?.(row.address, rendered.text, since)) ?? [];
      const taken = await this.ledger.knownProviderIds(dispatch.workspaceId, row.contact_id);
      const [evidence] = found.filter(message => !taken.has(message.providerId));
      if (!evidence) continue;
      const { state: to, providerId, billedParts, errorCode, at } = evidence;
      await this.ledger.resolve(dispatch, slotOf(row.contact_id), [
        { contactId: row.contact_id, to, providerId, billedParts, errorCode, at },
      ]);
    }
  }
}
