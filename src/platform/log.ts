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
    serializers: { err: describeError },
  };
  return pino(options, destination);
}

/** What helps to find a bug. A driver's error also carries the row, the statement and its values: people's addresses among them. */
const toldOfErrors = ['code', 'constraint', 'table', 'column', 'schema', 'routine', 'severity', 'syscall'] as const;

function describeError(error: unknown, depth = 0): unknown {
  if (!isError(error)) return typeof error === 'object' ? 'no Error' : error;
  const told = toldOfErrors.flatMap(name => {
    const value = (error as unknown as Record<string, unknown>)[name];
    return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
  });
  const cause = error.cause === undefined || depth > 3 ? {} : { cause: describeError(error.cause, depth + 1) };
  return { type: error.name, message: error.message, stack: error.stack, ...Object.fromEntries(told), ...cause };
}

/** `instanceof` would miss those of another realm. */
function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value;
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
