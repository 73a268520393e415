/** What a drain needs to make messages: the pinned template version compiled, the gateway open, the recipients' facts. */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { contactFacts } from '../contacts/contact-facts.sql.js';
import { contactsOf } from '../contacts/reach.sql.js';
import type { MergeValues } from '../domain/template/render.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import type { OpenGateway } from '../gateways/open-gateway.js';
import { type Dispatch, templateOf } from '../messages/dispatch.js';
import type { Due } from '../messages/ledger.service.js';
import { Addresses } from '../platform/addresses.js';
import { Database } from '../platform/database/database.js';
import { Signing } from '../platform/signing.js';
import type { CompiledContent } from '../templates/compiled-content.js';
import { TemplatesService } from '../templates/templates.service.js';
import { compose, type Draft } from './compose.js';

/** What is said, by variant; '': what a message without one says. Compiled once a variant. */
type Contents = ReadonlyMap<string, CompiledContent>;

/** Everything that is the same for all messages of a dispatch. */
export type Desk = { dispatch: Dispatch; contents: Contents; gateway: OpenGateway; common: MergeValues };

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
    const [contents, gateway, workspace] = await Promise.all([
      this.contentsOf(dispatch),
      this.gateways.open(dispatch.workspaceId, dispatch.gatewayId),
      this.accounts.getWorkspace(dispatch.workspaceId),
    ]);
    return { dispatch, contents, gateway, common: { campaignName: dispatch.name, workspaceName: workspace.name } };
  }

  /** One draft for each, in their order. */
  async compose(desk: Desk, due: readonly Due[]): Promise<Draft[]> {
    const facts = await this.factsOf(desk, due);
    const { dispatch, gateway, common } = desk;
    const context = { dispatch, gateway, common, signing: this.signing, publicUrl: this.addresses.publicUrl };
    return due.map(one => {
      const content = contentFor(desk, one.variant);
      return compose({ ...context, content }, one, facts.get(one.contactId) ?? {});
    });
  }

  private async contentsOf(dispatch: Dispatch): Promise<Contents> {
    const names = dispatch.variants.length > 0 ? dispatch.variants.map(({ name }) => name) : [''];
    const contents = names.map(async (name): Promise<[string, CompiledContent]> => {
      const { templateId, templateVersion } = templateOf(dispatch, name);
      return [name, await this.templates.getCompiled(dispatch.workspaceId, templateId, templateVersion)];
    });
    return new Map(await Promise.all(contents));
  }

  /** Merge values of these contacts, only those that the template names. */
  private async factsOf({ dispatch, contents }: Desk, due: readonly Due[]): Promise<Map<string, MergeValues>> {
    const people = contactsOf(due.map(({ contactId }) => contactId));
    const fields = [...new Set([...contents.values()].flatMap(content => content.fields))];
    const rows = await this.db.rows<{ contact_id: string; facts: MergeValues }>(
      contactFacts(dispatch.workspaceId, people, fields),
    );
    return new Map(rows.map(row => [row.contact_id, row.facts]));
  }
}

function contentFor({ dispatch, contents }: Desk, variant: string): CompiledContent {
  const content = contents.get(variant);
  if (!content) throw new Error(`dispatch ${dispatch.id} has no variant "${variant}"`);
  return content;
}
