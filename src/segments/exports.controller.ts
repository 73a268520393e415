// HTTP for the export of contacts.
import { Body, Controller, Post, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import { type ExportContacts, exportContacts } from '../contract/exports.js';
import { AnswersText } from '../platform/http/answers.js';
import { ExportsService } from './exports.service.js';

@ApiTags('segments')
@Controller('v1/exports')
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Post()
  @Needs('contacts:read')
  @AnswersText(
    'text/csv',
    'Export the contacts of a rule or a saved segment as CSV, streamed; an import reads the file as it is',
    'externalId,email,firstName\r\nshop-1001,aino@shop.example,Aino\r\n',
  )
  contacts(@CurrentActor() actor: Actor, @Body({ schema: exportContacts }) body: ExportContacts): Promise<StreamableFile> {
    return this.exports.contacts(actor, body);
  }
}
