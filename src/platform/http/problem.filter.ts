/**
 * The one place where errors become HTTP: RFC 9457 problem documents with a stable `code`, JSON pointers in `errors` and
 * the request id to quote. Bugs become a 500 that says nothing of the inside; they are logged whole.
 */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isConnectionLost } from '../database/database.js';
import type { Addresses } from '../addresses.js';
import { AppError, type ErrorCode, errorStatuses, QuotaExceeded } from '../errors.js';
import type { Log } from '../log.js';
import { loggedPath } from './fastify.js';
import { problemPath, problemType } from './problem-types.js';
import { ReadyAnswer } from './wire-answer.js';

/** As draft-ietf-httpapi-ratelimit-headers names it. */
const quotaExceededType = 'https://iana.org/assignments/http-problem-types#quota-exceeded';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly addresses: Addresses,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // A client that hung up in mid-upload gets no answer, and headers already sent cannot be changed.
    if (reply.sent || reply.raw.headersSent) return;
    if (thrown instanceof ReadyAnswer) return thrown.sendBy(reply);
    const error = asAppError(thrown);
    const quota = error instanceof QuotaExceeded ? error : null;
    if (!error) this.log.error({ err: thrown, requestId: request.id, url: loggedPath(request) }, 'request failed');
    const code = error?.code ?? 'internal';
    const { status, title } = problemType(code);
    if (status === 401) void reply.header('www-authenticate', 'Bearer realm="muster"');
    if (quota) void reply.header('retry-after', String(quota.retryAfterSeconds));
    if (status === 503) void reply.header('retry-after', '5');
    void reply
      .status(status)
      .type('application/problem+json')
      .send({
        type: quota ? quotaExceededType : this.addresses.publicUrl + problemPath(code),
        title,
        status,
        code,
        detail: error?.message ?? 'The error was logged; quote the request id when you report it.',
        instance: request.url.split('?')[0],
        requestId: request.id,
        ...(quota ? { 'violated-policies': quota.policies } : {}),
        ...(error && error.fields.length > 0 ? { errors: error.fields } : {}),
      });
  }
}

/** Our own errors as they are; the framework's by their status; null for bugs. */
function asAppError(thrown: unknown): AppError | null {
  if (thrown instanceof AppError) return thrown;
  const status = statusOf(thrown);
  if (status === null || status >= 500) return databaseRefusal(thrown);
  const code = codeOfStatus(status);
  return new AppError(code, (thrown as Error).message, [], { cause: thrown });
}

function statusOf(thrown: unknown): number | null {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
}

function codeOfStatus(status: number): ErrorCode {
  const found = Object.entries(errorStatuses).find(([, known]) => known === status);
  return (found?.[0] as ErrorCode | undefined) ?? 'malformed';
}

/**
 * Text PostgreSQL cannot store (a NUL, half a surrogate pair), a number or date out of its range: the caller's mistake, even
 * where no schema caught it. SQLSTATE class 22 is "data exception".
 */
function databaseRefusal(thrown: unknown): AppError | null {
  const code = (thrown as { code?: unknown } | null)?.code;
  if (isConnectionLost(thrown))
    return new AppError('unavailable', 'The database is restarting; try again in some seconds', [], { cause: thrown });
  if (typeof code !== 'string' || !/^22[0-9A-Z]{3}$/.test(code)) return null;
  return new AppError('invalid', 'A value in the request cannot be stored', [], { cause: thrown });
}
