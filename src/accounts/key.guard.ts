/**
 * Every route needs a bearer API key with the scope it names by @Needs; a route without @Needs or @Public is refused, so a
 * forgotten decorator closes a door instead of opening one.
 */
import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors.js';
import type { AuthenticatedRequest } from './actor.js';
import { AccountsService } from './accounts.service.js';
import { allows, type Scope } from './scopes.js';

const needsKey = 'muster:needs';
const publicKey = 'muster:public';

/** The scope a route needs. */
export const Needs = (scope: Scope): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(needsKey, scope), ApiBearerAuth());

/** A route without a key: health, webhooks (which check a signature), pages for recipients (which check a token). */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(publicKey, true);

@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: AccountsService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const places = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, places)) return true;
    const needed = this.reflector.getAllAndOverride<Scope | undefined>(needsKey, places);
    if (needed === undefined) throw new AppError('forbidden', 'This route names no scope');
    const request = context.switchToHttp().getRequest<FastifyRequest & AuthenticatedRequest>();
    const actor = await this.accounts.authenticate(bearerOf(request));
    if (!allows(actor.scopes, needed)) throw new AppError('forbidden', `This key lacks the scope ${needed}`);
    request.actor = actor;
    return true;
  }
}

function bearerOf(request: FastifyRequest): string {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  if (!match?.[1]) throw new AppError('unauthorized', 'Send an API key as "Authorization: Bearer …"');
  return match[1];
}
