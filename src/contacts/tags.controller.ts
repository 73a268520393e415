// HTTP for tags: make, rename, delete, and who is in them.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  createTag,
  groupPage,
  groupView,
  type GroupView,
  members,
  membersChanged,
  plainPageQuery,
  type PageQuery,
} from '../contract/contacts.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { GroupsService } from './groups.service.js';

type Id = z.infer<typeof idParams>;
type Members = z.infer<typeof members>;

@ApiTags('tags')
@Controller('v1/tags')
export class TagsController {
  constructor(private readonly groups: GroupsService) {}

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(201, groupView, 'Make a tag')
  create(@CurrentActor() actor: Actor, @Body({ schema: createTag }) body: z.infer<typeof createTag>): Promise<GroupView> {
    return this.groups.create(actor, 'tag', body);
  }

  @Get()
  @Needs('contacts:read')
  @Answers(200, groupPage, 'List tags with the number of contacts in each')
  list(@CurrentActor() actor: Actor, @Query({ schema: plainPageQuery }) query: PageQuery): Promise<Page<GroupView>> {
    return this.groups.list(actor, 'tag', query);
  }

  @Get(':id')
  @Needs('contacts:read')
  @Answers(200, groupView, 'Show a tag')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<GroupView> {
    return this.groups.get(actor, 'tag', id);
  }

  @Patch(':id')
  @Needs('contacts:write')
  @Answers(200, groupView, 'Rename a tag')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: createTag }) body: z.infer<typeof createTag>,
  ): Promise<GroupView> {
    return this.groups.update(actor, 'tag', id, body);
  }

  @Delete(':id')
  @Needs('contacts:write')
  @Answers(204, null, 'Delete a tag; its contacts stay')
  delete(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.groups.delete(actor, 'tag', id);
  }

  @Post(':id/members')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, membersChanged, 'Put contacts under a tag')
  async addMembers(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: members }) { contactIds }: Members,
  ): Promise<z.infer<typeof membersChanged>> {
    return { changed: await this.groups.addMembers(actor, 'tag', id, contactIds) };
  }

  @Delete(':id/members')
  @Needs('contacts:write')
  @Answers(200, membersChanged, 'Take contacts from under a tag')
  async removeMembers(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: members }) { contactIds }: Members,
  ): Promise<z.infer<typeof membersChanged>> {
    return { changed: await this.groups.removeMembers(actor, 'tag', id, contactIds) };
  }
}
