// Wiring of segments.
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';
import { PreviewService } from './preview.service.js';
import { Segment } from './segment.entity.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsService } from './segments.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Segment]), AccountsModule, ContactsModule],
  controllers: [SegmentsController, ExportsController],
  providers: [SegmentsService, PreviewService, ExportsService],
  exports: [SegmentsService],
})
export class SegmentsModule {}
