// HTTP for segments that travel between workspaces as JSON.
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { type Actor, CurrentActor } from '../accounts/actor.js';
import { Idempotent } from '../accounts/idempotency-interceptor.js';
import { Needs } from '../accounts/key.guard.js';
import { idParams } from '../contract/common.js';
import {
  type ExportSegments,
  exportSegments,
  type ImportSegments,
  importSegments,
  type SegmentFile,
  segmentFile,
  type SegmentsImported,
  segmentsImported,
} from '../contract/segments.js';
import { Answers } from '../platform/http/answers.js';
import { PortableService } from './portable.service.js';

@ApiTags('segments')
@Controller('v1/segments')
export class PortableController {
  constructor(private readonly portable: PortableService) {}

  @Get(':id/export')
  @Needs('segments:read')
  @Answers(200, segmentFile, 'A segment, and those it names, as a file for another workspace')
  exportOne(@CurrentActor() actor: Actor, @Param({ schema: idParams }) { id }: z.infer<typeof idParams>): Promise<SegmentFile> {
    return this.portable.exportOne(actor, id);
  }

  @Post('export')
  @Needs('segments:read')
  @Answers(200, segmentFile, 'Several segments, and those they name, as a file for another workspace')
  export(@CurrentActor() actor: Actor, @Body({ schema: exportSegments }) { segmentIds }: ExportSegments): Promise<SegmentFile> {
    return this.portable.export(actor, segmentIds, '/segmentIds');
  }

  @Post('import')
  @Needs('segments:write')
  @Idempotent()
  @Answers(200, segmentsImported, 'Save the segments of a file: all of them or none')
  import(@CurrentActor() actor: Actor, @Body({ schema: importSegments }) body: ImportSegments): Promise<SegmentsImported> {
    return this.portable.import(actor, body);
  }
}
