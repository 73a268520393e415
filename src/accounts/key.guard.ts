/**
 * Every route needs a bearer API key with the scope it names by @Needs; a route without @Needs or @Public is refused, so a
 * forgotten decorator closes a door instead of opening one. Public routes have no rate limit (webhooks come in bursts).
 */
import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiExtension } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors.js';
import { counter } from '../platform/metrics.js';
import type { AuthenticatedRequest } from './actor.js';
import { AccountsService, type OpenedKey } from './accounts.service.js';
import { RateLimits } from './rate-limits.service.js';
import { allows, type Scope } from './scopes.js';

const needsKey = 'muster:needs';
const publicKey = 'muster:public';

/** The scope a route needs. */
export const Needs = (scope: Scope): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(needsKey, scope), ApiBearerAuth(), ApiExtension('x-required-scope', scope));

/** A route without a key: health, webhooks (which check a signature), pages for recipients (which check a token). */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(publicKey, true);

const refused = counter('muster_keys_refused_total', 'Requests without a key that opens, and keys without the scope.', [
  'reason',
]);

@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: AccountsService,
    private readonly limits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, places)) return true;
    const needed = this.reflector.getAllAndOverride<Scope | undefined>(needsKey, places);
    if (needed === undefined) throw new AppError('forbidden', 'This route names no scope');
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const { id, actor, requestsPerMinute } = await this.open(request, reply);
    this.limits.takeRequest(id, requestsPerMinute, reply);
    if (!allows(actor.scopes, needed)) {
      refused.inc({ reason: 'scope' });
      throw new AppError('forbidden', `This key lacks the scope ${needed}`);
    }
    request.actor = actor;
    request.apiKeyId = id;
    return true;
  }

  /** Each try of an unknown key counts against its address; a key that has opened before is no guess, whoever else guesses there. */
  private async open(request: FastifyRequest, reply: FastifyReply): Promise<OpenedKey> {
    const key = bearerOf(request);
    if (key !== null && this.accounts.isFamiliar(key)) return this.accounts.authenticate(key);
    this.limits.takeTry(request.ip, reply);
    if (key === null) throw new AppError('unauthorized', 'Send an API key as "Authorization: Bearer …"');
    const opened = await this.accounts.authenticate(key).catch((error: unknown) => {
      refused.inc({ reason: 'unknown' });
      throw error;
    });
    this.limits.giveTryBack(request.ip);
    return opened;
  }
}

function bearerOf(request: FastifyRequest): string | null {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
