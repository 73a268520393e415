/** The multipart form of an upload: text fields first, then one file, streamed. Anything else is refused by name. */
import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import {
  importKind,
  type ImportKind,
  type ImportMapping,
  importMapping,
  importOptions,
  type SentOptions,
} from '../../contract/imports.js';
import { id } from '../../domain/scalars.js';
import { AppError, invalid } from '../../platform/errors.js';
import { parseAs } from '../../platform/http/validation.js';

export type UploadForm = {
  kind: ImportKind;
  /** A saved mapping, for what the next two leave open. */
  mappingId: string | null;
  mapping: ImportMapping;
  /** Valid, without the values of what was not sent. */
  options: SentOptions;
  fileName: string | null;
};

/** A client that sends nothing for this long is gone; it must not hold a database connection for ever. */
const idleMs = 60_000;

/** Bytes of a refused upload that we still take before we hang up. */
const maxIgnoredBytes = 256 * 1024 * 1024;

const textFields = ['kind', 'mappingId', 'mapping', 'options'] as const;

/** Reads the form and hands the file to `receive` when it comes. Resolves when the form is whole. */
export async function readUpload(
  request: FastifyRequest,
  receive: (form: UploadForm, file: Readable) => Promise<void>,
): Promise<void> {
  if (!request.isMultipart()) throw new AppError('unsupported-media-type', 'Send the file as multipart/form-data');
  try {
    await readParts(readable(request.parts()), receive);
  } catch (error) {
    letRestPass(request);
    throw error;
  }
}

async function readParts(
  parts: AsyncIterable<Multipart>,
  receive: (form: UploadForm, file: Readable) => Promise<void>,
): Promise<void> {
  const fields = new Map<string, string>();
  let hasFile = false;
  for await (const part of parts) {
    if (hasFile) throw invalid(`/${shown(part.fieldname)}`, 'Nothing may follow the file: send the other fields before it');
    if (part.type === 'field') addField(fields, part);
    else {
      hasFile = true;
      await receive(formOf(fields, part.fieldname, part.filename), fileOf(part.file));
    }
  }
  if (!hasFile) throw invalid('/file', 'The form has no file');
}

/**
 * A client hears our refusal only when it has sent what it meant to send: the rest is read and forgotten, up to a limit
 * behind which we hang up.
 */
function letRestPass({ raw }: FastifyRequest): void {
  let left = maxIgnoredBytes;
  raw.unpipe();
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) raw.destroy();
  });
  raw.resume();
}

type Field = { fieldname: string; value: unknown; valueTruncated: boolean };

function addField(fields: Map<string, string>, { fieldname, value, valueTruncated }: Field): void {
  const pointer = `/${shown(fieldname)}`;
  if (fieldname === 'file') throw invalid(pointer, 'Must be a file with a file name');
  if (!(textFields as readonly string[]).includes(fieldname)) throw invalid(pointer, 'Unknown field');
  if (fields.has(fieldname)) throw invalid(pointer, 'Sent twice');
  if (valueTruncated)
    throw new AppError('too-large', `${fieldname} is larger than 64 kB`, [{ pointer, message: 'Larger than 64 kB' }]);
  fields.set(fieldname, typeof value === 'string' ? value : JSON.stringify(value));
}

function formOf(fields: ReadonlyMap<string, string>, fieldName: string, fileName: string | undefined): UploadForm {
  if (fieldName !== 'file') throw invalid(`/${shown(fieldName)}`, 'The file must be named "file"');
  if (!fields.has('kind')) throw invalid('/kind', 'Must be sent before the file: contacts or orders');
  const options = jsonOf(fields, 'options');
  parseAs(importOptions, options, '/options');
  return {
    kind: parseAs(importKind, fields.get('kind'), '/kind'),
    mappingId: fields.has('mappingId') ? parseAs(id, fields.get('mappingId'), '/mappingId') : null,
    mapping: parseAs(importMapping, jsonOf(fields, 'mapping'), '/mapping'),
    options: options as SentOptions,
    fileName: fileName ? fileName.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 255) : null,
  };
}

function jsonOf(fields: ReadonlyMap<string, string>, field: 'mapping' | 'options'): unknown {
  const text = fields.get(field);
  if (text === undefined || text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`/${field}`, 'Must be JSON');
  }
}

/** The file's bytes; a stalled client ends it, and what the parser of the form says becomes the caller's mistake. */
function fileOf(file: Readable & { truncated?: boolean }): Readable {
  return Readable.from(readable(unstalled(file)), { objectMode: true });
}

async function* unstalled(file: Readable & { truncated?: boolean }): AsyncGenerator<Buffer> {
  const timer = setTimeout(() => file.destroy(new AppError('malformed', 'The upload stood still for a minute')), idleMs).unref();
  try {
    for await (const chunk of file) {
      timer.refresh();
      yield chunk as Buffer;
      timer.refresh();
    }
  } finally {
    clearTimeout(timer);
  }
  if (file.truncated) throw new AppError('too-large', 'The file is too large');
}

/** Errors without a status come from bytes that are no multipart form, or from a connection that broke. */
async function* readable<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    const hasStatus = error instanceof AppError || typeof (error as { statusCode?: unknown }).statusCode === 'number';
    throw hasStatus
      ? error
      : new AppError('malformed', `The upload cannot be read: ${(error as Error).message}`, [], { cause: error });
  }
}

const shown = (name: string): string => name.slice(0, 60);
