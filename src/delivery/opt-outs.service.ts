/** A provider that says "this recipient has opted out" knows of a STOP that never reached us: the address is suppressed as by our own. */
import { Injectable } from '@nestjs/common';
import { systemActor } from '../accounts/actor.js';
import { SuppressionsService } from '../contacts/suppressions.service.js';
import { sandboxSource } from '../contract/contacts.js';
import type { GatewayKind } from '../contract/gateways.js';
import type { Dispatch } from '../messages/dispatch.js';
import { Database } from '../platform/database/database.js';

@Injectable()
export class OptOutsService {
  constructor(
    private readonly db: Database,
    private readonly suppressions: SuppressionsService,
  ) {}

  async record({ workspaceId, id, channel, gatewayId }: Dispatch, gatewayKind: GatewayKind, address: string): Promise<void> {
    const actor = systemActor(workspaceId, 'job:dispatch.drain');
    const details = { dispatchId: id, gatewayId };
    const source = gatewayKind === 'sandbox' ? sandboxSource : 'gateway';
    await this.db.transaction(tx => this.suppressions.suppress(tx, actor, { channel, address, reason: 'stop', source, details }));
  }
}
