/**
 * Every problem the API answers with, by its code: what it means and what to do about it. The titles of problem documents, the
 * pages behind their `type`, docs/problems.md and the OpenAPI document are all made from this table.
 */
import { type ErrorCode, errorStatuses } from '../errors.js';

export type ProblemCode = ErrorCode | 'internal';
export type ProblemType = { code: ProblemCode; status: number; title: string; meaning: string; remedy: string };

const texts: Record<ProblemCode, [title: string, meaning: string, remedy: string]> = {
  malformed: [
    'The request cannot be read',
    'The body is not JSON, a form is broken, or a header has the wrong form.',
    'Mend the syntax; `detail` says where it broke.',
  ],
  unauthorized: [
    'An API key is required',
    'There is no API key in the request, or the key is unknown or revoked.',
    'Send a valid key as `Authorization: Bearer …`.',
  ],
  forbidden: [
    'This API key may not do that',
    'The key is good, but lacks the scope that the route, or a field of the request, needs.',
    'Use a key with the scope that `detail` names, or ask an admin of the workspace for one.',
  ],
  'not-found': [
    'Not found',
    'There is no such route, or nothing of this workspace has the id in the path.',
    'Check the path and the id. What belongs to another workspace is not found either.',
  ],
  'method-not-allowed': [
    'Method not allowed',
    'The path exists, but not with this method.',
    'See the description of the API for the methods of the path.',
  ],
  conflict: [
    'The request conflicts with what is there',
    'The thing is in a state that does not allow this, its name is taken, or a first call with the same Idempotency-Key still runs.',
    'Read the thing again, and decide anew; a running first call needs only some patience.',
  ],
  'too-large': [
    'The request is too large',
    'The body is over the limit: 2 MiB for JSON, 4 GiB for an upload.',
    'Send less in one request; most verbs have a bulk form with pages.',
  ],
  'unsupported-media-type': [
    'This content type is not accepted here',
    'The body has a content type that the route does not read.',
    'Send `application/json`; an upload is `multipart/form-data`.',
  ],
  invalid: [
    'The request has invalid fields',
    'The request is well-formed, but some field is not. Each entry of `errors` names one by JSON pointer (`?name` for a query parameter, `:name` for a path parameter).',
    'Mend the fields that `errors` names. The same request fails the same way again.',
  ],
  'rate-limited': [
    'Too many requests',
    'The key, or the address, asked more often than its limit allows.',
    'Wait as many seconds as `Retry-After` says; watch the `RateLimit` header to stay below the limit.',
  ],
  internal: [
    'Something went wrong on our side',
    'A bug, which was logged whole under the request id.',
    'Try again; when it stays, report it with the `requestId`.',
  ],
  unavailable: [
    'Not available right now',
    'The database is restarting, or all places for this kind of work are taken.',
    'Try again after as many seconds as `Retry-After` says.',
  ],
};

const statusOf = (code: ProblemCode): number => (code === 'internal' ? 500 : errorStatuses[code]);

/** By status, then by code. */
export const problemTypes: readonly ProblemType[] = (Object.keys(texts) as ProblemCode[])
  .map(code => {
    const [title, meaning, remedy] = texts[code];
    return { code, status: statusOf(code), title, meaning, remedy };
  })
  .sort((one, other) => one.status - other.status);

const byCode = new Map<string, ProblemType>(problemTypes.map(type => [type.code, type]));

export function problemType(code: ProblemCode): ProblemType {
  return byCode.get(code) as ProblemType;
}

export function findProblemType(code: string): ProblemType | undefined {
  return byCode.get(code);
}

/** The address of a problem's page below an origin: what the `type` of a problem document says. */
export const problemPath = (code: ProblemCode): string => `/problems/${code}`;
