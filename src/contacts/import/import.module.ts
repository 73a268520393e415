// Wiring of imports: HTTP everywhere, the merge and the watch in workers.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { ImportController } from './import.controller.js';
import { ImportService } from './import.service.js';
import { ImportMappingsController } from './mappings.controller.js';
import { ImportMappingsService } from './mappings.service.js';
import { MeasureImports } from './measure-imports.js';
import { MergeImportJob } from './merge-import.job.js';
import { WatchImports } from './watch-imports.js';
import { ForgetRejects } from './forget-rejects.js';

@Module({
  imports: [AccountsModule],
  controllers: [ImportController, ImportMappingsController],
  providers: [ForgetRejects, ImportService, ImportMappingsService, MeasureImports, MergeImportJob, WatchImports],
  exports: [ImportService],
})
export class ImportModule {}
