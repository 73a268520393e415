/** @Idempotent() on a route that sends or starts work: whoever calls it with an Idempotency-Key may repeat the call and it happens once. */
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import type { AuthenticatedRequest } from './actor.js';
import { hashCall, readIdempotencyKey } from './idempotency-key.js';
import { IdempotencyService } from './idempotency.service.js';
import type { IdempotentCall } from './idempotency.sql.js';

const idempotentMark = 'muster:idempotent';

const description =
  'Repeat the call with the same key within 24 hours and the first answer comes again, with `Idempotency-Replayed: true`. ' +
  '409: the first call still runs. 422: the key was used for another request.';

/** Never on a route whose answer holds a secret: answers are kept. */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(idempotentMark, true),
    ApiHeader({ name: 'Idempotency-Key', required: false, description, schema: { type: 'string', maxLength: 255 } }),
  );

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly idempotency: IdempotencyService,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (!this.reflector.get<boolean | undefined>(idempotentMark, context.getHandler())) return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const key = readIdempotencyKey(request.headers['idempotency-key']);
    const { actor, apiKeyId } = request;
    if (key === null || !actor || apiKeyId === undefined) return next.handle();
    const held = await this.idempotency.begin(actor.workspaceId, callOf(request, apiKeyId, key));
    request.keepAnswer = answer => held.settle(answer);
    return next.handle().pipe(finalize(() => held.stopRenewing()));
  }
}

function callOf(request: FastifyRequest, apiKeyId: string, key: string): IdempotentCall {
  const { method, url, rawBody: body, headers } = request;
  const route = `${method} ${request.routeOptions.url ?? url}`;
  return { apiKeyId, route, key, requestHash: hashCall({ method, url, body, length: headers['content-length'] }) };
}
