// Wiring of what comes back: receipts, replies, unsubscribes.
import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { GatewaysModule } from '../gateways/gateways.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { ApplyCallbacksJob } from './apply-callbacks.job.js';
import { CallbacksService } from './callbacks.service.js';
import { InboundService } from './inbound.service.js';
import { MeasureCallbacks } from './measure-callbacks.js';
import { SweepCallbacks } from './sweep-callbacks.js';
import { UnsubscribeController } from './unsubscribe.controller.js';
import { UnsubscribeService } from './unsubscribe.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { ForgetCallbacks } from './forget-callbacks.js';

@Module({
  imports: [ContactsModule, GatewaysModule, MessagesModule],
  controllers: [WebhooksController, UnsubscribeController],
  providers: [
    ForgetCallbacks,
    CallbacksService,
    MeasureCallbacks,
    ApplyCallbacksJob,
    SweepCallbacks,
    InboundService,
    UnsubscribeService,
  ],
})
export class TrackingModule {}
