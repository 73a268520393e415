// Wiring of the ledger.
import { Module } from '@nestjs/common';
import { LedgerService } from './ledger.service.js';
import { MessagesService } from './messages.service.js';

@Module({ providers: [MessagesService, LedgerService], exports: [MessagesService, LedgerService] })
export class MessagesModule {}
