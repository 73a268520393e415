/** What a drain needs to make messages: the pinned template version compiled, the gateway open, the recipients' facts. */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { contactFacts } from '../contacts/contact-facts.sql.js';
import { contactsOf } from '../contacts/reach.sql.js';
import type { MergeValues } from '../domain/template/render.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import type { OpenGateway } from '../gateways/open-gateway.js';
import type { Dispatch } from '../messages/dispatch.js';
import type { Claimed } from '../messages/ledger.service.js';
import type { Move } from '../messages/move.sql.js';
import { Addresses } from '../platform/addresses.js';
import { Database } from '../platform/database/database.js';
import { Signing } from '../platform/signing.js';
import type { CompiledContent } from '../templates/compiled-content.js';
import { TemplatesService } from '../templates/templates.service.js';
import { compose, type Composed } from './compose.js';

/** Everything that is the same for all messages of a dispatch. */
export type Desk = { dispatch: Dispatch; content: CompiledContent; gateway: OpenGateway; common: MergeValues };

@Injectable()
export class ComposeService {
  constructor(
    private readonly templates: TemplatesService,
    private readonly gateways: GatewaysService,
    private readonly db: Database,
    private readonly accounts: AccountsService,
    private readonly signing: Signing,
    private readonly addresses: Addresses,
  ) {}

  async open(dispatch: Dispatch): Promise<Desk> {
    const [content, gateway, workspace] = await Promise.all([
      this.templates.getCompiled(dispatch.workspaceId, dispatch.templateId, dispatch.templateVersion),
      this.gateways.open(dispatch.workspaceId, dispatch.gatewayId),
      this.accounts.getWorkspace(dispatch.workspaceId),
    ]);
    return { dispatch, content, gateway, common: { campaignName: dispatch.name, workspaceName: workspace.name } };
  }

  /** Messages ready to go, and the refusals of those that cannot be made. */
  async compose(desk: Desk, claimed: readonly Claimed[]): Promise<{ composed: Composed[]; refusals: Move[] }> {
    const facts = await this.factsOf(desk, claimed);
    const context = { ...desk, signing: this.signing, publicUrl: this.addresses.publicUrl };
    const composed: Composed[] = [];
    const refusals: Move[] = [];
    for (const message of claimed) {
      const made = compose(context, message, facts.get(message.contactId) ?? {});
      if ('refusal' in made) refusals.push({ contactId: made.contactId, to: 'refused', refusal: made.refusal });
      else composed.push(made);
    }
    return { composed, refusals };
  }
  /** Merge values of the claimed contacts, only those that the template names. */
  private async factsOf({ dispatch, content }: Desk, claimed: readonly Claimed[]): Promise<Map<string, MergeValues>> {
    const people = contactsOf(claimed.map(({ contactId }) => contactId));
    const rows = await this.db.rows<{ contact_id: string; facts: MergeValues }>(
      contactFacts(dispatch.workspaceId, people, content.fields),
    );
    return new Map(rows.map(row => [row.contact_id, row.facts]));
  }
}
