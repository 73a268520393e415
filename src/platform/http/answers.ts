// What a route answers: its status and shape, in one decorator that Nest obeys, the OpenAPI document shows and tests hold it to.
import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiDefaultResponse, ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import { problem } from '../../contract/common.js';

export const answersKey = 'muster:answers';

/** `schema` null: an answer without a JSON body. */
export type Answer = { status: number; schema: z.ZodType | null };

/** `schema` null: an answer without a body. Every route may also answer with a problem document. */
export function Answers(status: number, schema: z.ZodType | null, summary: string, description?: string): MethodDecorator {
  return applyDecorators(
    answer({ status, schema }, summary, description),
    ApiResponse({ status, description: summary, ...(schema ? { standardSchema: schema as never } : {}) }),
  );
}

/** An answer that is a text or a file of another type than JSON; `example` is how it begins. */
export function AnswersText(contentType: string, summary: string, example: string, description?: string): MethodDecorator {
  return applyDecorators(
    answer({ status: 200, schema: null }, summary, description),
    ApiProduces(contentType),
    ApiResponse({ status: 200, description: summary, content: { [contentType]: { schema: { type: 'string' }, example } } }),
  );
}

function answer(answer: Answer, summary: string, description?: string): MethodDecorator {
  return applyDecorators(
    SetMetadata(answersKey, answer),
    HttpCode(answer.status),
    ApiOperation({ summary, ...(description === undefined ? {} : { description }) }),
    ApiDefaultResponse({ description: 'A problem document (RFC 9457)', standardSchema: problem as never }),
  );
}
