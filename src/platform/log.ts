/**
 * Structured logs: one pino for the process, shared with Fastify, and the thin adapter Nest asks for. Lines written while
 * a request is served carry its id.
 */
import type { LoggerService } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type DestinationStream, type Logger, pino } from 'pino';

const requestIds = new AsyncLocalStorage<string>();

export type Log = Logger;

/** To stdout unless the caller has a better place for it. */
export function createLog(level: string, role: string, destination: DestinationStream = pino.destination(1)): Log {
  const options = {
    level,
    base: { role },
    mixin: () => {
      const requestId = requestIds.getStore();
      return requestId === undefined ? {} : { requestId };
    },
    redact: ['req.headers.authorization', 'req.headers.cookie'],
  };
  return pino(options, destination);
}

/** A log file of this process's own, begun anew; each line is on disk before the call returns. */
export function logFile(path: string): DestinationStream {
  return pino.destination({ dest: path, append: false, sync: true, mode: 0o600 });
}

/** Injection token and class in one: what rooms ask for. */
export abstract class Logs {
  abstract readonly log: Log;
}

/** Runs `work` so that its log lines (and audit rows) carry the request's id. */
export function withRequestId<Result>(requestId: string, work: () => Result): Result {
  return requestIds.run(requestId, work);
}

export function currentRequestId(): string | null {
  return requestIds.getStore() ?? null;
}

/** Nest speaks through the same pino; its start-up chatter is debug. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}
  log(message: unknown, ...rest: unknown[]): void {
    this.target.debug({ rest }, String(message));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.target.error({ rest }, String(message));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.target.warn({ rest }, String(message));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.target.debug({ rest }, String(message));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.target.trace({ rest }, String(message));
  }
}
