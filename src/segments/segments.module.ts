// Wiring of segments.
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PreviewService } from './preview.service.js';
import { Segment } from './segment.entity.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsService } from './segments.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Segment]), AccountsModule],
  controllers: [SegmentsController],
  providers: [SegmentsService, PreviewService],
  exports: [SegmentsService],
})
export class SegmentsModule {}
