// Wiring of the ledger.
import { Module } from '@nestjs/common';
import { ForgetErased } from './forget-erased.js';
import { LedgerService } from './ledger.service.js';
import { MeasureMessages } from './measure-messages.js';
import { MessagesService } from './messages.service.js';
import { ForgetMessageEvents } from './forget-message-events.js';
import { ForgetMessages } from './forget-messages.js';

@Module({
  providers: [ForgetMessages, ForgetMessageEvents, MessagesService, LedgerService, ForgetErased, MeasureMessages],
  exports: [MessagesService, LedgerService],
})
export class MessagesModule {}
