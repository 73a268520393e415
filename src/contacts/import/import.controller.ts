// HTTP for imports: upload, progress, rejected rows, cancel.
import { Controller, Get, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../../accounts/actor.js';
import { Idempotent } from '../../accounts/idempotency-interceptor.js';
import { Needs } from '../../accounts/key.guard.js';
import { idParams } from '../../contract/common.js';
import { importPage, importQuery, importView, type ImportView } from '../../contract/imports.js';
import { Answers, AnswersText } from '../../platform/http/answers.js';
import type { Page } from '../../platform/http/cursor.js';
import { ImportService } from './import.service.js';

type IdParams = z.infer<typeof idParams>;

const uploadBody = {
  required: true,
  schema: {
    type: 'object',
    required: ['kind', 'file'],
    properties: {
      kind: { type: 'string', enum: ['contacts', 'orders'], example: 'contacts' },
      mappingId: {
        type: 'string',
        description: 'A saved mapping (/v1/import-mappings), for what mapping and options leave open',
        example: '42',
      },
      mapping: { type: 'string', description: 'ImportMapping as JSON', example: '{"Mail":"email","Name":"firstName"}' },
      options: { type: 'string', description: 'ImportOptions as JSON', example: '{"tags":["fair-2026"]}' },
      file: {
        type: 'string',
        format: 'binary',
        description: 'CSV in UTF-8; the last part of the form',
        example: 'Mail,Name\r\nlahja@shop.example,Lahja\r\n',
      },
    },
  },
};

@ApiTags('imports')
@Controller('v1/imports')
export class ImportController {
  constructor(private readonly imports: ImportService) {}

  @Post()
  @Needs('contacts:write')
  @ApiConsumes('multipart/form-data')
  @ApiBody(uploadBody as never)
  @Idempotent()
  @Answers(202, importView, 'Upload a CSV of contacts or orders; the answer comes when it is read, the merge goes on')
  upload(@CurrentActor() actor: Actor, @Req() request: FastifyRequest): Promise<ImportView> {
    return this.imports.upload(actor, request);
  }

  @Get()
  @Needs('contacts:read')
  @Answers(200, importPage, 'List imports, newest first')
  list(
    @CurrentActor() actor: Actor,
    @Query({ schema: importQuery }) query: z.infer<typeof importQuery>,
  ): Promise<Page<ImportView>> {
    return this.imports.list(actor, query);
  }

  @Get(':id')
  @Needs('contacts:read')
  @Answers(200, importView, 'How far an import is')
  get(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: IdParams): Promise<ImportView> {
    return this.imports.get(actor, id);
  }

  @Get(':id/rejects.csv')
  @Needs('contacts:read')
  @AnswersText(
    'text/csv',
    'The rejected rows with row, column and reason, ready to be mended and uploaded again',
    'import_row,import_column,import_reason,email\r\n2,email,not an email address,nobody\r\n',
  )
  async rejects(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: IdParams): Promise<StreamableFile> {
    const lines = await this.imports.rejects(actor, id);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="import-${id}-rejects.csv"`,
    });
  }

  @Post(':id/cancel')
  @Needs('contacts:write')
  @Idempotent()
  @Answers(200, importView, 'Cancel an import; what is merged stays')
  cancel(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: IdParams): Promise<ImportView> {
    return this.imports.cancel(actor, id);
  }
}
