// Wiring of delivery: due → on the wire → sent or refused. Knows the ledger, the gateways, the templates and the contacts below it.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { GatewaysModule } from '../gateways/gateways.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { ComposeService } from './compose.service.js';
import { DrainDispatchJob } from './drain-dispatch.job.js';
import { OptOutsService } from './opt-outs.service.js';
import { PaceService } from './pace.service.js';
import { ResolveUnknownJob } from './resolve-unknown.job.js';
import { SweepDispatches } from './sweep-dispatches.js';
import { WaveService } from './wave.service.js';

@Module({
  imports: [AccountsModule, ContactsModule, GatewaysModule, MessagesModule, TemplatesModule],
  providers: [ComposeService, DrainDispatchJob, OptOutsService, PaceService, ResolveUnknownJob, SweepDispatches, WaveService],
})
export class DeliveryModule {}
