/**
 * A test send: the campaign's message to a few given addresses, now, through its gateway and outside the ledger, so that it counts
 * nowhere. Suppressed addresses are refused here too. Written to the audit trail (without the addresses) before anything leaves.
 */
import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Actor } from '../accounts/actor.js';
import { audit } from '../accounts/audit.js';
import { requireScope } from '../accounts/scopes.js';
import { canonicalAddress } from '../contacts/canonical-address.js';
import type { TestCampaign, TestResult, TestResults } from '../contract/campaigns.js';
import type { WorkspaceId } from '../domain/ids.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { AppError } from '../platform/errors.js';
import { Signing } from '../platform/signing.js';
import type { Campaign } from './campaign.js';
import { selectSuppressed } from './campaigns.sql.js';
import { CampaignsService } from './campaigns.service.js';
import { chosenVariants } from './template-choice.js';
import { TestPostService } from './test-post.service.js';

@Injectable()
export class TestSendService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly accounts: AccountsService,
    private readonly campaigns: CampaignsService,
    private readonly signing: Signing,
    private readonly post: TestPostService,
  ) {}

  /** One result for each address and variant, in the order given; an address that cannot be used does not keep the others from being sent to. */
  async send(actor: Actor, id: string, { to, contactId, variant }: TestCampaign): Promise<TestResults> {
    if (contactId !== undefined) requireScope(actor.scopes, 'contacts:read', '/contactId');
    const campaign = await this.campaigns.get(actor.workspaceId, id);
    const { defaultCountry } = await this.accounts.getWorkspace(actor.workspaceId);
    const messages = await Promise.all(
      chosenVariants(campaign, variant).map(async one => ({
        variant: one?.name ?? null,
        message: await this.post.prepare(campaign, one, contactId),
      })),
    );
    const read = to.map(text => readAddress(campaign, text, defaultCountry));
    const suppressed = await this.findSuppressed(campaign, read);
    await audit(this.db, actor, 'campaign.tested', `campaign:${id}`, { addresses: to.length });
    const results = messages.flatMap(({ variant, message }) =>
      to.map(async (text, i): Promise<TestResult> => {
        const address = read[i] ?? null;
        if (address === null) return { to: text, variant, outcome: 'refused', reason: 'invalid-address' };
        if (suppressed.has(address)) return { to: text, variant, outcome: 'refused', reason: 'suppressed' };
        return { to: text, variant, ...(await this.post.send(message, address)) };
      }),
    );
    return { results: await Promise.all(results) };
  }

  private async findSuppressed({ workspaceId, channel }: Campaign, addresses: readonly (string | null)[]): Promise<Set<string>> {
    const byHash = new Map(
      addresses.flatMap(address => (address === null ? [] : [[this.hash(workspaceId, channel, address), address]])),
    );
    const hashes = [...byHash.keys()].map(hash => Buffer.from(hash, 'hex'));
    const rows = await this.db.rows<{ hash: Buffer }>(selectSuppressed(workspaceId, channel, hashes, this.clock.now()));
    return new Set(rows.map(row => byHash.get(row.hash.toString('hex')) ?? ''));
  }

  private hash(workspaceId: WorkspaceId, channel: string, address: string): string {
    return this.signing.hashAddress(workspaceId, channel, address).toString('hex');
  }
}

/** null: no address of the channel. */
function readAddress({ channel }: Campaign, text: string, defaultCountry: string): string | null {
  try {
    return canonicalAddress(channel, text, defaultCountry, '/to');
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
