// HTTP for contacts: upsert, bulk, update, show, search, erase. What they consented to and did is history.controller.ts.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  bulkResult,
  type BulkResult,
  bulkUpsert,
  type BulkUpsert,
  contactPage,
  contactQuery,
  type ContactQuery,
  type ContactSummary,
  contactView,
  type ContactView,
  updateContact,
  type UpdateContact,
  upsertContact,
  type UpsertContact,
  upsertedContact,
} from '../contract/contacts.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { ContactsService } from './contacts.service.js';
import { UpsertService } from './upsert.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('contacts')
@Controller('v1/contacts')
export class ContactsController {
  constructor(
    private readonly contacts: ContactsService,
    private readonly upserts: UpsertService,
  ) {}

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, upsertedContact, 'Make a contact, or change the one that these identities name')
  async upsert(
    @CurrentActor() actor: Actor,
    @Body({ schema: upsertContact }) body: UpsertContact,
  ): Promise<z.infer<typeof upsertedContact>> {
    const { id, outcome } = await this.upserts.upsert(actor, body);
    return { ...(await this.contacts.get(actor, id)), outcome };
  }

  @Post('bulk')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, bulkResult, 'Upsert up to 1000 contacts; each row has its own outcome')
  upsertBulk(@CurrentActor() actor: Actor, @Body({ schema: bulkUpsert }) body: BulkUpsert): Promise<BulkResult> {
    return this.upserts.upsertBulk(actor, body);
  }

  @Get()
  @Needs('contacts:read')
  @Answers(200, contactPage, 'List or search contacts')
  list(@CurrentActor() actor: Actor, @Query({ schema: contactQuery }) query: ContactQuery): Promise<Page<ContactSummary>> {
    return this.contacts.list(actor, query);
  }

  @Get(':id')
  @Needs('contacts:read')
  @Answers(200, contactView, 'A contact with its identities, addresses, consents, lists and tags')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<ContactView> {
    return this.contacts.get(actor, id);
  }

  @Patch(':id')
  @Needs('contacts:write')
  @Answers(200, contactView, 'Change what is sent; null clears')
  async update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updateContact }) body: UpdateContact,
  ): Promise<ContactView> {
    await this.upserts.update(actor, id, body);
    return this.contacts.get(actor, id);
  }

  @Delete(':id')
  @Needs('contacts:write')
  @Answers(204, null, 'Erase a contact for good; only hashes that keep us from writing again stay')
  erase(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.contacts.erase(actor, id);
  }
}
