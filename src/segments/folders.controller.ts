// HTTP for the folders of saved segments.
import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import {
  folderPage,
  type FolderRenamed,
  folderRenamed,
  type FolderView,
  type RenameFolder,
  renameFolder,
} from '../contract/segments.js';
import { Answers } from '../platform/http/answers.js';
import { FoldersService } from './folders.service.js';

@ApiTags('segments')
@Controller('v1/segment-folders')
export class FoldersController {
  constructor(private readonly folders: FoldersService) {}

  @Get()
  @Needs('segments:read')
  @Answers(200, folderPage, 'The folders of segments with how many are in each')
  list(@CurrentActor() actor: Actor): Promise<{ data: FolderView[] }> {
    return this.folders.list(actor);
  }

  @Post('rename')
  @Needs('segments:write')
  @Answers(200, folderRenamed, 'Rename a folder, join it with another, or dissolve it (to null)')
  rename(@CurrentActor() actor: Actor, @Body({ schema: renameFolder }) body: RenameFolder): Promise<FolderRenamed> {
    return this.folders.rename(actor, body);
  }
}
