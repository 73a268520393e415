/**
 * One contact as a caller sends it → what it means for our tables: columns, identities in lookup order, addresses in
 * canonical form, consents. Knows nothing of who exists; wrong phones, emails and times are named by JSON pointer.
 */
import type { UpdateContact, ConsentInput } from '../contract/contacts.js';
import { contactFields, type ContactField } from '../contract/contact-fields.js';
import { parseEmail } from '../domain/email/address.js';
import type { Channel } from '../domain/ids.js';
import { parsePhone } from '../domain/phone/e164.js';
import { AppError, type FieldError } from '../platform/errors.js';
import { contactColumns } from './columns.js';
import { momentBefore, momentProblem } from './moments.js';

/** In the order in which they name a contact. */
export const identityKinds = ['external_id', 'email', 'phone', 'anonymous_id'] as const;
export type IdentityKind = (typeof identityKinds)[number];
/** What the API calls them. */
export const identityNames = {
  external_id: 'externalId',
  email: 'email',
  phone: 'phone',
  anonymous_id: 'anonymousId',
} as const satisfies Record<IdentityKind, string>;
export type Identity = { kind: IdentityKind; value: string; pointer: string };

export type Address = {
  channel: Channel;
  address: string;
  /** Sent as *the* phone or email: becomes the primary one. */
  isPreferred: boolean;
  country: string | null;
  areaCode: string | null;
  lineType: string | null;
  domain: string | null;
};

/** `occurredAt` null: just now, after all that is on file. */
export type ConsentDraft = Omit<ConsentInput, 'occurredAt'> & { occurredAt: Date | null };

export type ContactDraft = {
  identities: Identity[];
  addresses: Address[];
  /** Sent as null: identities and addresses of this kind go before the new ones come. */
  cleared: IdentityKind[];
  columns: Record<string, unknown>;
  /** By key as they were sent; by id and in stored form after `storedDraft`. */
  attributes: Record<string, unknown>;
  consents: ConsentDraft[];
  lists: string[];
  tags: string[];
};

/** Throws `invalid` with every wrong field; `pointer` is where the contact stands in the body. */
export function normalizeContact(input: UpdateContact, defaultCountry: string, now: Date, pointer = ''): ContactDraft {
  const wrong: FieldError[] = [];
  const country = input.defaultCountry ?? defaultCountry;
  const emails = allOf('email', input.email, input.emails).flatMap(sent => readEmail(sent, wrong));
  const phones = allOf('phone', input.phone, input.phones).flatMap(sent => readPhone(sent, country, wrong));
  const draft: ContactDraft = {
    identities: [
      ...plainIdentity('external_id', '/externalId', input.externalId),
      ...emails.map(({ address, pointer: at }): Identity => ({ kind: 'email', value: address.address, pointer: at })),
      ...phones.map(({ address, pointer: at }): Identity => ({ kind: 'phone', value: address.address, pointer: at })),
      ...plainIdentity('anonymous_id', '/anonymousId', input.anonymousId),
    ],
    addresses: [...emails, ...phones].map(({ address }) => address),
    cleared: clearedKinds(input),
    columns: sentColumns(input),
    attributes: input.attributes ?? {},
    consents: (input.consent ?? []).flatMap((consent, i) => readConsent(consent, `/consent/${i}`, now, wrong)),
    lists: [...new Set(input.lists)],
    tags: [...new Set(input.tags)],
  };
  if (input.birthDate && input.birthDate > isoDay(now))
    wrong.push({ pointer: '/birthDate', message: 'Must not be in the future' });
  refuse(wrong, pointer);
  return draft;
}

export function normalizeConsent(consent: ConsentInput, now: Date): ConsentDraft {
  const wrong: FieldError[] = [];
  const [draft] = readConsent(consent, '', now, wrong);
  refuse(wrong, '');
  return draft as ConsentDraft;
}

type Sent = { text: string; pointer: string; isPreferred: boolean };
type Read = { address: Address; pointer: string };

function allOf(field: 'email' | 'phone', one: string | null | undefined, more: string[] | undefined): Sent[] {
  const first = one == null ? [] : [{ text: one, pointer: `/${field}`, isPreferred: true }];
  return [...first, ...(more ?? []).map((text, i) => ({ text, pointer: `/${field}s/${i}`, isPreferred: false }))];
}

function readEmail({ text, pointer, isPreferred }: Sent, wrong: FieldError[]): Read[] {
  const parsed = parseEmail(text);
  if ('invalid' in parsed) return notUsable(wrong, pointer, 'Not an email address we can send to', parsed.invalid);
  const place = { country: null, areaCode: null, lineType: null };
  return [{ pointer, address: { channel: 'email', address: parsed.address, isPreferred, ...place, domain: parsed.domain } }];
}

function readPhone({ text, pointer, isPreferred }: Sent, defaultCountry: string, wrong: FieldError[]): Read[] {
  const parsed = parsePhone(text, defaultCountry);
  if ('invalid' in parsed)
    return notUsable(wrong, pointer, `Not a phone number (read as one of ${defaultCountry})`, parsed.invalid);
  const { e164, country, areaCode, lineType } = parsed;
  return [{ pointer, address: { channel: 'sms', address: e164, isPreferred, country, areaCode, lineType, domain: null } }];
}

function notUsable(wrong: FieldError[], pointer: string, message: string, reason: string): Read[] {
  wrong.push({ pointer, message: `${message}: ${reason}` });
  return [];
}

function readConsent(consent: ConsentInput, pointer: string, now: Date, wrong: FieldError[]): ConsentDraft[] {
  const occurredAt = momentBefore(consent.occurredAt, now);
  // A clock that runs ahead must not outdate what the person says next.
  if (occurredAt) return [{ ...consent, occurredAt: occurredAt < now ? occurredAt : null }];
  wrong.push({ pointer: `${pointer}/occurredAt`, message: momentProblem });
  return [];
}

function plainIdentity(kind: IdentityKind, pointer: string, value: string | null | undefined): Identity[] {
  return value == null ? [] : [{ kind, value, pointer }];
}

function clearedKinds(input: UpdateContact): IdentityKind[] {
  const sent = { external_id: input.externalId, email: input.email, phone: input.phone, anonymous_id: input.anonymousId };
  return identityKinds.filter(kind => sent[kind] === null);
}

function sentColumns(input: UpdateContact): Record<string, unknown> {
  const fields = (Object.keys(contactFields) as ContactField[]).filter(field => input[field] !== undefined);
  return Object.fromEntries(fields.map(field => [contactColumns[field], input[field]]));
}

function isoDay(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function refuse(wrong: readonly FieldError[], pointer: string): void {
  const fields = wrong.map(field => ({ ...field, pointer: pointer + field.pointer }));
  const [first] = fields;
  if (first) throw new AppError('invalid', `${first.pointer}: ${first.message}`, fields);
}
