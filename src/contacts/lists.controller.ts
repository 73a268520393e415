// HTTP for lists: make, rename, delete, and who is in them.
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  createList,
  groupPage,
  groupView,
  type GroupView,
  members,
  membersChanged,
  updateList,
  plainPageQuery,
  type PageQuery,
} from '../contract/contacts.js';
import { Answers } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { GroupsService } from './groups.service.js';

type Id = z.infer<typeof idParams>;
type Members = z.infer<typeof members>;

@ApiTags('lists')
@Controller('v1/lists')
export class ListsController {
  constructor(private readonly groups: GroupsService) {}

  @Post()
  @Needs('contacts:write')
  @Idempotent()
  @Answers(201, groupView, 'Make a list')
  create(@CurrentActor() actor: Actor, @Body({ schema: createList }) body: z.infer<typeof createList>): Promise<GroupView> {
    return this.groups.create(actor, 'list', body);
  }

  @Get()
  @Needs('contacts:read')
  @Answers(200, groupPage, 'List lists with the number of contacts in each')
  list(@CurrentActor() actor: Actor, @Query({ schema: plainPageQuery }) query: PageQuery): Promise<Page<GroupView>> {
    return this.groups.list(actor, 'list', query);
  }

  @Get(':id')
  @Needs('contacts:read')
  @Answers(200, groupView, 'Show a list')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<GroupView> {
    return this.groups.get(actor, 'list', id);
  }

  @Patch(':id')
  @Needs('contacts:write')
  @Answers(200, groupView, 'Rename or describe a list')
  update(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: updateList }) body: z.infer<typeof updateList>,
  ): Promise<GroupView> {
    return this.groups.update(actor, 'list', id, body);
  }

  @Delete(':id')
  @Needs('contacts:write')
  @Answers(204, null, 'Delete a list; its contacts stay')
  delete(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: Id): Promise<void> {
    return this.groups.delete(actor, 'list', id);
  }

  @Post(':id/members')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, membersChanged, 'Put contacts into a list')
  async addMembers(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: members }) { contactIds }: Members,
  ): Promise<z.infer<typeof membersChanged>> {
    return { changed: await this.groups.addMembers(actor, 'list', id, contactIds) };
  }

  @Delete(':id/members')
  @Needs('contacts:write')
  @Answers(200, membersChanged, 'Take contacts out of a list')
  async removeMembers(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Body({ schema: members }) { contactIds }: Members,
  ): Promise<z.infer<typeof membersChanged>> {
    return { changed: await this.groups.removeMembers(actor, 'list', id, contactIds) };
  }
}
