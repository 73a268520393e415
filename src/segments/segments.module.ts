// Wiring of segments.
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ApplyBulkEditJob } from './bulk-edits/apply-bulk-edit.job.js';
import { BulkEditPlans } from './bulk-edits/bulk-edit-plans.js';
import { BulkEditsController } from './bulk-edits/bulk-edits.controller.js';
import { BulkEditsService } from './bulk-edits/bulk-edits.service.js';
import { WatchBulkEdits } from './bulk-edits/watch-bulk-edits.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { AudienceFieldsController } from './audience-fields.controller.js';
import { AudienceFieldsService } from './audience-fields.service.js';
import { CatalogueController } from './catalogue.controller.js';
import { CatalogueService } from './catalogue.service.js';
import { ExportsController } from './exports.controller.js';
import { ExportsService } from './exports.service.js';
import { FindAttributeUses } from './find-attribute-uses.js';
import { FoldersController } from './folders.controller.js';
import { FoldersService } from './folders.service.js';
import { LibraryService } from './library.service.js';
import { PortableController } from './portable.controller.js';
import { PortableService } from './portable.service.js';
import { PreviewService } from './preview.service.js';
import { SegmentUses } from './segment-uses.js';
import { Segment } from './segment.entity.js';
import { SegmentsController } from './segments.controller.js';
import { SegmentsService } from './segments.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([Segment]), AccountsModule, ContactsModule, TemplatesModule],
  controllers: [
    SegmentsController,
    FoldersController,
    CatalogueController,
    PortableController,
    ExportsController,
    BulkEditsController,
    AudienceFieldsController,
  ],
  providers: [
    SegmentsService,
    LibraryService,
    FoldersService,
    CatalogueService,
    PortableService,
    SegmentUses,
    FindAttributeUses,
    PreviewService,
    AudienceFieldsService,
    ExportsService,
    BulkEditPlans,
    BulkEditsService,
    ApplyBulkEditJob,
    WatchBulkEdits,
  ],
  exports: [SegmentsService, SegmentUses],
})
export class SegmentsModule {}
