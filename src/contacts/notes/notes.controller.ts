// HTTP for the notes on a contact.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../../accounts/actor.js';
import { Idempotent } from '../../accounts/idempotency-interceptor.js';
import { Needs } from '../../accounts/key.guard.js';
import { idParams } from '../../contract/common.js';
import { type PageQuery, plainPageQuery } from '../../contract/contacts.js';
import { createNote, notePage, noteParams, type NoteText, type NoteView, noteView, updateNote } from '../../contract/notes.js';
import { Answers } from '../../platform/http/answers.js';
import type { Page } from '../../platform/http/cursor.js';
import { NotesService } from './notes.service.js';

@ApiTags('contacts')
@Controller('v1/contacts/:id/notes')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Get()
  @Needs('contacts:read')
  @Answers(200, notePage, 'The notes on a contact, newest first')
  list(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: z.infer<typeof idParams>,
    @Query({ schema: plainPageQuery }) query: PageQuery,
  ): Promise<Page<NoteView>> {
    return this.notes.list(actor, id, query);
  }

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(201, noteView, 'Write a note on a contact')
  add(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: z.infer<typeof idParams>,
    @Body({ schema: createNote }) body: NoteText,
  ): Promise<NoteView> {
    return this.notes.add(actor, id, body);
  }

  @Patch(':noteId')
  @Needs('contacts:write')
  @Answers(200, noteView, 'Change the text of a note')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: noteParams }) note: z.infer<typeof noteParams>,
    @Body({ schema: updateNote }) body: NoteText,
  ): Promise<NoteView> {
    return this.notes.update(actor, note, body);
  }

  @Delete(':noteId')
  @Needs('contacts:write')
  @Answers(204, null, 'Delete a note')
  delete(@CurrentActor() actor: Actor, @Param({ schema: noteParams }) note: z.infer<typeof noteParams>): Promise<void> {
    return this.notes.delete(actor, note);
  }
}
