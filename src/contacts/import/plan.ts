/**
 * The header of a file, the caller's mapping and our synonyms → what each column means. Everything that is wrong with
 * the file as a whole is said here, before the first row is read.
 */
import type { ImportKind, ImportMapping } from '../../contract/imports.js';
import { channels, type Channel } from '../../domain/ids.js';
import { AppError, invalid } from '../../platform/errors.js';
import { type AttributeType, attributeTypes } from '../../domain/attribute/types.js';
import { type AttributeReader, attributeReader } from './attribute-cells.js';
import { type ColumnField, contactFields, identitySynonyms } from './contact-fields.js';
import { orderFields } from './order-fields.js';
import { rejectHeaders } from './rejects-csv.js';

export type Meaning =
  | { kind: 'ignore' }
  | { kind: 'identity'; identity: 'externalId' | 'email' | 'phone' | 'anonymousId' }
  | { kind: 'fullName' | 'tags' | 'lists' | 'consentSource' | 'consentAt' }
  | { kind: 'column'; field: ColumnField }
  | AttributeMeaning
  | { kind: 'consent'; channel: Channel; topic: string };

/** `type` is null when the field names none; `id` is what the value is stored under: for contacts see attribute-columns.ts. */
export type AttributeMeaning = {
  kind: 'attribute';
  key: string;
  type: AttributeType | null;
  id: string;
  read: AttributeReader;
};

export type PlannedColumn = { header: string; field: string; meaning: Meaning };

/** Fields that several columns may fill: a person has more than one address. */
const repeatable = new Set(['email', 'phone', 'ignore', 'tags', 'lists']);

/** `saved` says what `mapping` leaves open; its columns need not all be there. */
export function planColumns(
  kind: ImportKind,
  headerCells: readonly string[],
  mapping: ImportMapping,
  saved: ImportMapping = {},
): PlannedColumn[] {
  const headers = checkHeaders(headerCells);
  const chosen = new Map([...Object.entries(saved).filter(([header]) => headers.includes(header)), ...Object.entries(mapping)]);
  checkMapping(kind, headers, chosen);
  const fields = chooseFields(kind, headers, chosen);
  const columns = headers.map((header, i) => {
    const field = fields[i] ?? 'ignore';
    return { header, field, meaning: meaningOf(kind, field) ?? { kind: 'ignore' as const } };
  });
  checkDoubles(columns);
  checkEnough(kind, columns);
  return columns;
}

/** The field of each header: what is chosen for it, else what its name says. */
export function chooseFields(kind: ImportKind, headers: readonly string[], chosen: ReadonlyMap<string, string>): string[] {
  const fields = headers.map(header => chosen.get(header));
  const taken = new Set(fields.filter(field => field !== undefined));
  return headers.map((header, i) => fields[i] ?? guess(kind, header, taken));
}

/** Throws for the first header that is to be what is no field. */
export function checkFields(kind: ImportKind, mapping: ImportMapping): void {
  for (const [header, field] of Object.entries(mapping)) checkField(kind, header, field);
}

function checkHeaders(cells: readonly string[]): string[] {
  const headers = cells.map(cell => cell.trim());
  const empty = headers.indexOf('');
  if (headers.every(header => header === '')) throw invalid('/file', 'The first line of the file has no column names');
  if (empty >= 0) throw invalid('/file', `Column ${empty + 1} has no name in the first line of the file`);
  if (headers.length > 500) throw invalid('/file', `The file has ${headers.length} columns; at most 500 are read`);
  const double = headers.find((header, i) => headers.indexOf(header) !== i);
  if (double !== undefined) throw invalid('/file', `Two columns are named "${shown(double)}"`);
  const long = headers.find(header => header.length > 500 || header.includes('\0'));
  if (long !== undefined) throw invalid('/file', `"${shown(long)}" is not a column name`);
  return headers;
}

function checkMapping(kind: ImportKind, headers: readonly string[], chosen: ReadonlyMap<string, string>): void {
  for (const [header, field] of chosen) {
    if (!headers.includes(header)) throw invalid(pointerTo(header), `The file has no column "${shown(header)}"`);
    checkField(kind, header, field);
  }
}

function checkField(kind: ImportKind, header: string, field: string): void {
  if (!meaningOf(kind, field))
    throw invalid(pointerTo(header), `Column "${shown(header)}": "${shown(field)}" is not a field of ${kind}`);
}

const pointerTo = (header: string): string => `/mapping/${header.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** The field a header names by itself; each single field only once, the first column wins by being first. */
function guess(kind: ImportKind, header: string, taken: Set<string>): string {
  if (rejectHeaders.includes(header)) return 'ignore';
  const field = meaningOf(kind, header) ? header : (synonymsOf(kind).get(plainWord(header)) ?? 'ignore');
  if (taken.has(field) && !repeatable.has(field)) return 'ignore';
  taken.add(field);
  return field;
}

function meaningOf(kind: ImportKind, field: string): Meaning | null {
  if (field === 'ignore') return { kind: 'ignore' };
  if (field === 'externalId' || field === 'email' || field === 'phone') return { kind: 'identity', identity: field };
  const columns = kind === 'contacts' ? contactFields : orderFields;
  if (Object.hasOwn(columns, field)) return { kind: 'column', field: columns[field] as ColumnField };
  const attribute = /^(?:attributes|properties)\.([a-z][a-zA-Z0-9_]{0,63})(?::([a-z]+))?$/.exec(field);
  if (attribute) return attributeOf(attribute[1] ?? '', attribute[2]);
  return kind === 'contacts' ? contactOnly(field) : null;
}

function contactOnly(field: string): Meaning | null {
  if (field === 'anonymousId') return { kind: 'identity', identity: field };
  if (field === 'fullName' || field === 'tags' || field === 'lists' || field === 'consentSource' || field === 'consentAt')
    return { kind: field };
  const consent = /^consent\.(\w+)\.([a-z0-9][a-z0-9_-]{0,63})$/.exec(field);
  const channel = channels.find(known => known === consent?.[1]);
  return consent && channel ? { kind: 'consent', channel, topic: consent[2] ?? '' } : null;
}

function attributeOf(key: string, suffix: string | undefined): Meaning | null {
  const type = suffix === 'list' ? 'texts' : attributeTypes.find(known => known === suffix);
  if (suffix !== undefined && !type) return null;
  return { kind: 'attribute', key, type: type ?? null, id: key, read: attributeReader(type ?? 'text') };
}

/** "E-mail Address" and "email_address" are one word. */
function plainWord(header: string): string {
  return header.toLocaleLowerCase('en').replace(/[^\p{L}\p{N}]/gu, '');
}

const synonymTables = new Map<ImportKind, Map<string, string>>();

function synonymsOf(kind: ImportKind): Map<string, string> {
  const known = synonymTables.get(kind);
  if (known) return known;
  const columns = kind === 'contacts' ? contactFields : orderFields;
  const identities = Object.entries(identitySynonyms).filter(([field]) => meaningOf(kind, field));
  const entries = [...Object.entries(columns).map(([field, column]) => [field, column.synonyms] as const), ...identities];
  // "id" in an orders file is more often the order's than the customer's: it is left to the mapping.
  const words = entries.flatMap(([field, synonyms]) => [field, ...synonyms].map(word => [plainWord(word), field] as const));
  const table = new Map(words.filter(([word]) => kind === 'contacts' || word !== 'id'));
  synonymTables.set(kind, table);
  return table;
}

function checkDoubles(columns: readonly PlannedColumn[]): void {
  const seen = new Map<string, string>();
  for (const { field, header } of columns) {
    const name = field.split(':')[0] ?? field;
    const other = seen.get(name);
    if (other !== undefined && !repeatable.has(name))
      throw invalid(
        '/mapping',
        `The columns "${shown(other)}" and "${shown(header)}" both mean ${name}: map one of them to "ignore"`,
      );
    seen.set(name, header);
  }
}

function checkEnough(kind: ImportKind, columns: readonly PlannedColumn[]): void {
  const has = (field: string): boolean => columns.some(column => column.field === field);
  if (!columns.some(({ meaning }) => meaning.kind === 'identity'))
    throw missing('a column that names the person: externalId, email or phone', columns);
  if (kind === 'contacts') return;
  for (const field of ['orderId', 'orderedAt']) if (!has(field)) throw missing(`a column for ${field}`, columns);
  if (!has('amount') && !has('refundedAmount') && !(has('unitPrice') && has('items')))
    throw missing('a column for amount (or unitPrice and items)', columns);
}

function missing(what: string, columns: readonly PlannedColumn[]): AppError {
  const found = columns.slice(0, 20).map(({ header }) => `"${shown(header)}"`);
  return invalid('/mapping', `The file needs ${what}. Its columns are ${found.join(', ')}`);
}

const shown = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);
