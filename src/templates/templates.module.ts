// Wiring of what we say.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { LocalesController } from './locales.controller.js';
import { LocalesService } from './locales.service.js';
import { MergeFieldsService } from './merge-fields.service.js';
import { PartialsController } from './partials.controller.js';
import { PartialsService } from './partials.service.js';
import { PreviewsService } from './previews.service.js';
import { StartersController } from './starters.controller.js';
import { StartersService } from './starters.service.js';
import { TemplatesController } from './templates.controller.js';
import { TemplatesService } from './templates.service.js';

@Module({
  imports: [AccountsModule],
  controllers: [TemplatesController, LocalesController, PartialsController, StartersController],
  providers: [TemplatesService, PreviewsService, LocalesService, PartialsService, StartersService, MergeFieldsService],
  exports: [TemplatesService, PreviewsService, MergeFieldsService],
})
export class TemplatesModule {}
