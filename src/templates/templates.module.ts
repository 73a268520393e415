// Wiring of what we say.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { ContactsModule } from '../contacts/contacts.module.js';
import { PreviewsService } from './previews.service.js';
import { TemplatesController } from './templates.controller.js';
import { TemplatesService } from './templates.service.js';

@Module({
  imports: [AccountsModule, ContactsModule],
  controllers: [TemplatesController],
  providers: [TemplatesService, PreviewsService],
  exports: [TemplatesService],
})
export class TemplatesModule {}
