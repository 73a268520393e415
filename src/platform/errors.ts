/**
 * Mistakes of the caller, as services throw them: framework-free, with a code that never changes meaning. One HTTP
 * filter turns them into problem documents; in a job they settle it as failed. Anything else that is thrown is a bug.
 */
export const errorStatuses = {
  invalid: 422,
  malformed: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatuses;

/**
 * One wrong field: a JSON pointer into the body ("/rule/all/0/value"), or "?name" for a query parameter. Mistakes inside a
 * long text also say where in it (line and column from 1). A header is named as it is.
 */
export type FieldError = { pointer: string; message: string; line?: number; column?: number };

export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly fields: readonly FieldError[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AppError';
  }
}

/** The caller asked too often; `policies` are the limits it went over, named as in its RateLimit-Policy header. */
export class QuotaExceeded extends AppError {
  constructor(
    readonly policies: readonly string[],
    readonly retryAfterSeconds: number,
  ) {
    super('rate-limited', `Too many requests; try again in ${retryAfterSeconds} s`);
  }
}

export function notFound(what: string, id: string): AppError {
  return new AppError('not-found', `No ${what} ${id}`);
}

/** A caller's mistake in one field; `pointer` names it. */
export function invalid(pointer: string, message: string): AppError {
  return new AppError('invalid', message, [{ pointer, message }]);
}

export function conflict(message: string): AppError {
  return new AppError('conflict', message);
}
