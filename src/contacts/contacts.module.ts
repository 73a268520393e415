// Wiring of contacts: who they are, what they allowed, how they are reached, what they did.
import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AttributeUses } from './attributes/attribute-uses.js';
import { AttributesController } from './attributes/attributes.controller.js';
import { AttributesService } from './attributes/attributes.service.js';
import { ConsentsService } from './consents.service.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsService } from './contacts.service.js';
import { EventsService } from './events.service.js';
import { ContactExporter } from './export/contact-exporter.js';
import { ForgetSeenEvents } from './forget-seen-events.js';
import { GroupsService } from './groups.service.js';
import { HistoryController } from './history.controller.js';
import { ListsController } from './lists.controller.js';
import { MeasureContacts } from './measure-contacts.js';
import { MendSuppression } from './mend-suppression.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesService } from './notes/notes.service.js';
import { SuppressionsController } from './suppressions.controller.js';
import { SuppressionsService } from './suppressions.service.js';
import { TagsController } from './tags.controller.js';
import { UpsertService } from './upsert.service.js';
import { ForgetEvents } from './forget-events.js';

@Module({
  imports: [AccountsModule],
  controllers: [
    AttributesController,
    ContactsController,
    HistoryController,
    NotesController,
    SuppressionsController,
    ListsController,
    TagsController,
  ],
  providers: [
    ForgetEvents,
    AttributesService,
    AttributeUses,
    MeasureContacts,
    ContactsService,
    UpsertService,
    ConsentsService,
    SuppressionsService,
    GroupsService,
    EventsService,
    NotesService,
    MendSuppression,
    ForgetSeenEvents,
    ContactExporter,
  ],
  exports: [ContactsService, GroupsService, UpsertService, ConsentsService, SuppressionsService, ContactExporter, AttributeUses],
})
export class ContactsModule {}
