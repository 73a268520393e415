// What a route answers: its status and shape, in one decorator that Nest obeys and the OpenAPI document shows.
import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiDefaultResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { problem } from '../../contract/common.js';

/** `schema` null: an answer without a body. Every route may also answer with a problem document. */
export function Answers(status: number, schema: z.ZodType | null, summary: string): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary }),
    ApiResponse({ status, description: summary, ...(schema ? { standardSchema: schema as never } : {}) }),
    ApiDefaultResponse({ description: 'A problem document (RFC 9457)', standardSchema: problem as never }),
  );
}
