// Wiring of what we say.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PreviewsService } from './previews.service.js';
import { TemplatesController } from './templates.controller.js';
import { TemplatesService } from './templates.service.js';

@Module({
  imports: [AccountsModule],
  controllers: [TemplatesController],
  providers: [TemplatesService, PreviewsService],
  exports: [TemplatesService, PreviewsService],
})
export class TemplatesModule {}
