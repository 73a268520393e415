/**
 * One record of the file → the values of one staging row, or why it is rejected. Built once per import from the planned
 * columns; then runs for every row, so nothing is looked up by name in it.
 */
import { createHash } from 'node:crypto';
import type { ImportKind, ImportOptions } from '../../contract/imports.js';
import type { Channel } from '../../domain/ids.js';
import { restore } from '../../domain/csv.js';
import { parseEmail } from '../../domain/email/address.js';
import { parsePhone } from '../../domain/phone/e164.js';
import {
  type CellReader,
  type CellValue,
  isRefusal,
  readConsent,
  readInstant,
  readList,
  type ReadSettings,
  readText,
} from './coerce.js';
import { orderFields } from './order-fields.js';
import type { Meaning, PlannedColumn } from './plan.js';

export type StagedRow = (CellValue | null)[];
export type RowReject = { column: string | null; reason: string };
/** 32 hexadecimal digits. */
export type AddressHash = (channel: Channel, address: string) => string;

/** Every staging table begins with these; what the file maps follows (see `stagingColumns`). */
export const identityColumns = [
  ['external_id', 'text'],
  ['anonymous_id', 'text'],
  ['email', 'text'],
  ['email_hash', 'bytea'],
  ['email_domain', 'text'],
  ['phone', 'text'],
  ['phone_hash', 'bytea'],
  ['phone_country', 'text'],
  ['phone_area', 'text'],
  ['phone_line', 'text'],
  ['more', 'jsonb'],
] as const;

const at = Object.fromEntries(identityColumns.map(([name], i) => [name, i])) as Record<
  (typeof identityColumns)[number][0],
  number
>;

/** A further email or phone of the same row, as staged in `more`. */
export type MoreAddress = {
  channel: Channel;
  address: string;
  hash: string;
  country: string | null;
  area_code: string | null;
  line_type: string | null;
  domain: string | null;
};

/** What a row gathers beside its plain values. */
type Draft = { values: StagedRow; more: MoreAddress[]; attributes: Record<string, unknown> | null; country: string | null };
type CellTask = { index: number; header: string; run: (cell: string, draft: Draft) => string | null; isEmptyTold: boolean };

/** Name and type of each staging column after n and row_number, in the order of a `StagedRow`. */
export function stagingColumns(kind: ImportKind, columns: readonly PlannedColumn[]): { name: string; type: string }[] {
  const out: { name: string; type: string }[] = identityColumns.map(([name, type]) => ({ name, type }));
  const add = (name: string, type: string): void => {
    if (!out.some(known => known.name === name)) out.push({ name, type });
  };
  for (const { meaning } of columns) {
    if (meaning.kind === 'column') add(meaning.field.column, meaning.field.type);
    if (meaning.kind === 'fullName') ['first_name', 'last_name'].forEach(name => add(name, 'text'));
    if (meaning.kind === 'tags' || meaning.kind === 'lists') add(meaning.kind, 'text[]');
    if (meaning.kind === 'attribute') add('attributes', 'jsonb');
    if (meaning.kind === 'consent') add(consentColumn(meaning.channel, meaning.topic), 'text');
    if (meaning.kind === 'consentSource') add('consent_source', 'text');
    if (meaning.kind === 'consentAt') add('consent_at', 'timestamptz');
  }
  if (kind === 'orders') {
    // All of them, mapped or not: the statements that fold orders are the same for every file.
    for (const { column, type } of Object.values(orderFields)) add(column, type);
    add('attributes', 'jsonb');
    add('raw', 'text[]');
  }
  return out;
}

/** Staging column of a consent column; topics may have dashes, SQL names here may not, and have 63 letters at most. */
export function consentColumn(channel: Channel, topic: string): string {
  const spelled = Buffer.from(topic).toString('hex');
  // Cut short, two topics could share a column, and what was said of one would hold for both.
  const name = spelled.length <= 48 ? spelled : `h_${createHash('sha256').update(topic).digest('hex').slice(0, 40)}`;
  return `consent_${channel}_${name}`;
}

export class RowReader {
  private readonly tasks: CellTask[];
  private readonly slots: Map<string, number>;
  private readonly width: number;
  private readonly consentColumns: number[];

  constructor(
    private readonly kind: ImportKind,
    private readonly columns: readonly PlannedColumn[],
    private readonly options: ImportOptions,
    private readonly settings: ReadSettings,
    private readonly hash: AddressHash,
  ) {
    const staged = stagingColumns(kind, columns);
    this.slots = new Map(staged.map(({ name }, i) => [name, i]));
    this.width = staged.length;
    this.consentColumns = staged.flatMap(({ name }, i) => (/^consent_(sms|email)_/.test(name) ? [i] : []));
    this.tasks = columns
      .map(({ header, meaning }, index) => ({
        index,
        header,
        run: this.taskFor(meaning),
        isEmptyTold: meaning.kind === 'attribute',
      }))
      .filter(task => columns[task.index]?.meaning.kind !== 'ignore')
      // The country of a row is the country of its national phone numbers, so it is read first.
      .sort((a, b) => this.rank(a) - this.rank(b));
  }

  /** Values for `stagingColumns`, or the column and reason of the first wrong cell. */
  read(cells: readonly string[]): StagedRow | RowReject {
    if (cells.length !== this.columns.length)
      return { column: null, reason: `${cells.length} cells where the header has ${this.columns.length}` };
    const draft: Draft = {
      values: new Array<CellValue | null>(this.width).fill(null),
      more: [],
      attributes: null,
      country: null,
    };
    for (const task of this.tasks) {
      const cell = restore((cells[task.index] ?? '').trim());
      if (cell === '' && !(task.isEmptyTold && this.options.emptyMeans === 'clear')) continue;
      const refused = cell.includes('\0') ? 'contains a NUL character' : task.run(cell, draft);
      if (refused !== null) return { column: task.header, reason: refused };
    }
    return this.finish(draft, cells);
  }

  private finish(draft: Draft, cells: readonly string[]): StagedRow | RowReject {
    const { values, more, attributes } = draft;
    if (more.length > 0) values[at.more] = JSON.stringify(more);
    if (attributes) this.put(values, 'attributes', JSON.stringify(attributes));
    const isNamed = [at.external_id, at.email, at.phone, at.anonymous_id].some(index => values[index] !== null);
    if (!isNamed) return { column: null, reason: 'names nobody: no external id, email or phone' };
    if (this.kind === 'orders') return this.finishOrder(values, cells);
    const hasConsent = this.consentColumns.some(index => values[index] !== null);
    if (hasConsent && this.options.consentSource === undefined && this.get(values, 'consent_source') === null)
      return { column: null, reason: 'sets consent without a source' };
    return values;
  }

  private finishOrder(values: StagedRow, cells: readonly string[]): StagedRow | RowReject {
    if (this.get(values, 'order_id') === null) return { column: null, reason: 'has no order id' };
    if (this.get(values, 'ordered_at') === null) return { column: null, reason: 'has no time of the order' };
    const isPriced = this.get(values, 'unit_price') !== null && this.get(values, 'item_count') !== null;
    if (this.get(values, 'amount') === null && this.get(values, 'refunded_amount') === null && !isPriced)
      return { column: null, reason: 'has no amount' };
    this.put(
      values,
      'raw',
      cells.map(cell => cell.replaceAll('\0', '\ufffd')),
    );
    return values;
  }

  private get(values: StagedRow, column: string): CellValue | null {
    const slot = this.slots.get(column);
    return slot === undefined ? null : (values[slot] ?? null);
  }

  private put(values: StagedRow, column: string, value: CellValue): void {
    const slot = this.slots.get(column);
    if (slot === undefined) throw new Error(`no staging column ${column}`);
    values[slot] = value;
  }

  private rank(task: CellTask): number {
    const meaning = this.columns[task.index]?.meaning;
    return meaning?.kind === 'column' && meaning.field.column === 'country' ? 0 : 1;
  }

  private taskFor(meaning: Meaning): CellTask['run'] {
    switch (meaning.kind) {
      case 'ignore':
        return () => null;
      case 'identity':
        return this.identityTask(meaning.identity);
      case 'column':
        return this.columnTask(meaning.field.column, meaning.field.read);
      case 'fullName':
        return (cell, draft) => this.readFullName(cell, draft);
      case 'tags':
      case 'lists':
        return this.namesTask(meaning.kind);
      case 'attribute':
        return (cell, draft) => this.readAttribute(meaning, cell, draft);
      case 'consent':
        return this.columnTask(consentColumn(meaning.channel, meaning.topic), readConsent);
      case 'consentSource':
        return this.columnTask('consent_source', readText(200));
      case 'consentAt':
        return this.columnTask('consent_at', readInstant('1970-01-01', 24 * 3600 * 1000));
    }
  }

  private columnTask(column: string, read: CellReader): CellTask['run'] {
    const slot = this.slots.get(column) ?? -1;
    return (cell, draft) => {
      const value = read(cell, this.settings);
      if (isRefusal(value)) return value.refused;
      draft.values[slot] = value;
      if (column === 'country') draft.country = value as string;
      return null;
    };
  }

  private identityTask(identity: 'externalId' | 'email' | 'phone' | 'anonymousId'): CellTask['run'] {
    if (identity === 'email') return (cell, draft) => this.readEmail(cell, draft);
    if (identity === 'phone') return (cell, draft) => this.readPhone(cell, draft);
    return this.columnTask(identity === 'externalId' ? 'external_id' : 'anonymous_id', readText(200));
  }

  private readEmail(cell: string, draft: Draft): string | null {
    const email = parseEmail(cell);
    if ('invalid' in email) return `not an email address (${email.invalid})`;
    const { values } = draft;
    const hash = this.hash('email', email.address);
    if (values[at.email] === null) {
      values[at.email] = email.address;
      values[at.email_hash] = `\\x${hash}`;
      values[at.email_domain] = email.domain;
    } else if (values[at.email] !== email.address)
      draft.more.push({
        channel: 'email',
        address: email.address,
        hash,
        country: null,
        area_code: null,
        line_type: null,
        domain: email.domain,
      });
    return null;
  }

  private readPhone(cell: string, draft: Draft): string | null {
    const phone = this.parsePhone(cell, draft.country);
    if ('invalid' in phone) return `not a phone number (${phone.invalid})`;
    const { values } = draft;
    const hash = this.hash('sms', phone.e164);
    const { e164: address, country, areaCode, lineType } = phone;
    if (values[at.phone] === null) {
      values[at.phone] = address;
      values[at.phone_hash] = `\\x${hash}`;
      values[at.phone_country] = country;
      values[at.phone_area] = areaCode;
      values[at.phone_line] = lineType;
    } else if (values[at.phone] !== address)
      draft.more.push({ channel: 'sms', address, hash, country, area_code: areaCode, line_type: lineType, domain: null });
    return null;
  }

  /** A national number is one of the row's country, or else of the file's. */
  private parsePhone(cell: string, country: string | null): ReturnType<typeof parsePhone> {
    const { defaultCountry } = this.settings;
    const phone = parsePhone(cell, country ?? defaultCountry);
    return 'invalid' in phone && country !== null && country !== defaultCountry ? parsePhone(cell, defaultCountry) : phone;
  }

  /** "Virtanen, Anna" or "Anna Maria Virtanen": the last word is the family name. */
  private readFullName(cell: string, draft: Draft): string | null {
    if (cell.length > 400) return 'longer than 400 characters';
    const [family, given] = cell.includes(',') ? cell.split(',', 2).map(part => part.trim()) : [];
    const words = cell.split(/\s+/);
    const first = given ?? (words.length > 1 ? words.slice(0, -1).join(' ') : cell);
    const last = family ?? (words.length > 1 ? words.at(-1) : undefined);
    if (first) this.putUnlessSet(draft.values, 'first_name', first.slice(0, 200));
    if (last) this.putUnlessSet(draft.values, 'last_name', last.slice(0, 200));
    return null;
  }

  private putUnlessSet(values: StagedRow, column: string, value: string): void {
    if (this.get(values, column) === null) this.put(values, column, value);
  }

  private namesTask(column: 'tags' | 'lists'): CellTask['run'] {
    return (cell, draft) => {
      const names = readList(cell, this.settings);
      if (isRefusal(names)) return names.refused;
      this.put(draft.values, column, [...new Set([...(this.get(draft.values, column) ?? []), ...names])]);
      return null;
    };
  }

  private readAttribute(meaning: Meaning & { kind: 'attribute' }, cell: string, draft: Draft): string | null {
    draft.attributes ??= {};
    const value = cell === '' ? null : meaning.read(cell, this.settings);
    if (isRefusal(value)) return value.refused;
    draft.attributes[meaning.id] = value;
    return null;
  }
}
