/**
 * Validation of bodies, queries and path parameters by the zod schema that the controller names (`@Body({ schema })`).
 * Every issue becomes a JSON pointer, so that the caller sees which field is wrong.
 */
import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type { z } from 'zod';
import { AppError, type FieldError } from '../errors.js';

type Issue = { readonly message: string; readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> };

const escapePointer = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

function toFieldErrors(issues: readonly Issue[], place: 'body' | 'query' | 'param' = 'body'): FieldError[] {
  return issues.flatMap(issue => {
    const path = (issue.path ?? []).map(part => String(typeof part === 'object' ? part.key : part));
    const { keys } = issue as { keys?: string[] };
    // zod reports unknown keys once, on their parent: name each of them instead.
    const paths = keys && keys.length > 0 ? keys.map(key => [...path, key]) : [path];
    return paths.map(parts => ({ pointer: pointerOf(parts, place), message: keys ? 'Unknown field' : issue.message }));
  });
}

function pointerOf(parts: string[], place: 'body' | 'query' | 'param'): string {
  if (place === 'query') return `?${parts.join('.')}`;
  if (place === 'param') return `:${parts.join('.')}`;
  return parts.map(part => `/${escapePointer(part)}`).join('');
}

@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const place = metadata.type === 'custom' ? 'body' : metadata.type;
    const named = metadata.data && place !== 'body' ? [metadata.data] : [];
    const pipe = new StandardSchemaValidationPipe({
      exceptionFactory: issues =>
        problem(
          toFieldErrors(
            (issues as Issue[]).map(issue => ({ ...issue, path: [...named, ...(issue.path ?? [])] })),
            place,
          ),
        ),
    });
    return (await pipe.transform(value === undefined && place === 'body' ? ({} as T) : value, metadata)) as T;
  }
}

function problem(fields: FieldError[]): AppError {
  const first = fields[0];
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  return new AppError('invalid', first ? `${first.pointer || 'body'}: ${first.message}${more}` : 'invalid', fields);
}

/** The same check for what does not arrive as a Nest parameter (a multipart field, a stored document). */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown, pointer = ''): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problem(toFieldErrors(result.error.issues).map(field => ({ ...field, pointer: pointer + field.pointer })));
}
