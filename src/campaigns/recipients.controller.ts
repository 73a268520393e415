// HTTP for the recipients of a campaign.
import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  type RecipientDetail,
  recipientDetail,
  type RecipientFilter,
  recipientFilter,
  recipientPage,
  recipientParams,
  type RecipientQuery,
  recipientQuery,
  type RecipientView,
} from '../contract/recipients.js';
import { Answers, AnswersText } from '../platform/http/answers.js';
import type { Page } from '../platform/http/cursor.js';
import { RecipientsService } from './recipients.service.js';

type Id = z.infer<typeof idParams>;

@ApiTags('campaigns')
@Controller('v1/campaigns/:id')
export class RecipientsController {
  constructor(private readonly recipients: RecipientsService) {}

  @Get('recipients')
  @Needs('campaigns:read')
  @Answers(200, recipientPage, 'Who it is for, by state and refusal, the newest run first; also needs contacts:read')
  list(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: recipientQuery }) query: RecipientQuery,
  ): Promise<Page<RecipientView>> {
    return this.recipients.list(actor, id, query);
  }

  @Get('recipients.csv')
  @Needs('campaigns:read')
  @AnswersText(
    'text/csv',
    'The same as CSV, all of them, streamed; also needs contacts:read',
    'contactId,firstName,lastName,address,state,refusal\r\n42,Aino,Virtanen,+358401234567,refused,no-consent\r\n',
  )
  export(
    @CurrentActor() actor: Actor,
    @Param({ schema: idParams }) { id }: Id,
    @Query({ schema: recipientFilter }) filter: RecipientFilter,
  ): Promise<StreamableFile> {
    return this.recipients.export(actor, id, filter);
  }

  @Get('recipients/:contactId')
  @Needs('campaigns:read')
  @Answers(200, recipientDetail, 'One recipient, the text as it was sent and what they did with it; also needs contacts:read')
  get(
    @CurrentActor() actor: Actor,
    @Param({ schema: recipientParams }) { id, contactId }: z.infer<typeof recipientParams>,
  ): Promise<RecipientDetail> {
    return this.recipients.get(actor, id, contactId);
  }
}
