/**
 * The two CSV files the demo uploads, as streams that are never whole in memory, with the headers a marketer would have
 * and the mapping and options that explain them to the importer.
 */
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import type { ImportKind } from '../contract/imports.js';
import type { Person } from './people.js';
import { movedBy, type RetailOrder } from './retail.js';

export type DemoFile = {
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly mapping: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly rows: Readable;
};

const consentSource = 'Newsletter form, spring fair';

export function contactsFile(people: Iterable<Person>): DemoFile {
  return {
    kind: 'contacts',
    fileName: 'customers.csv',
    mapping: {
      'SMS marketing': 'consent.sms.marketing',
      'Email marketing': 'consent.email.marketing',
      'Consent source': 'consentSource',
    },
    options: { tags: ['demo'], consentSource },
    rows: csv(mapEach(people, contactRow)),
  };
}

export function ordersFile(orders: AsyncIterable<RetailOrder>, movedByDays: number): DemoFile {
  return {
    kind: 'orders',
    fileName: 'orders.csv',
    mapping: { 'Customer ID': 'externalId', 'Order date': 'orderedAt', 'Top product': 'properties.topProduct' },
    options: { currency: 'GBP', timeZone: 'Europe/London' },
    rows: csv(mapEach(orders, order => orderRow(order, movedByDays))),
  };
}

function contactRow(person: Person) {
  return {
    'Customer ID': person.externalId,
    'First name': person.firstName,
    'Last name': person.lastName,
    Gender: person.gender,
    'Date of birth': person.birthDate,
    Mobile: person.phone,
    'E-mail': person.email,
    Country: person.country,
    Region: person.region,
    City: person.city,
    Language: person.locale,
    Profession: person.occupation,
    'SMS marketing': person.wantsSms ? 'yes' : '',
    'Email marketing': person.wantsEmail ? 'yes' : '',
    'Consent source': person.wantsSms || person.wantsEmail ? consentSource : '',
  };
}

function orderRow(order: RetailOrder, days: number) {
  return {
    'Order number': order.invoice,
    'Customer ID': order.customer,
    'Order date': movedBy(days, order.orderedAt),
    Total: order.amount,
    Quantity: order.quantity,
    'Top product': order.topProduct,
  };
}

function csv(rows: AsyncIterable<object>): Readable {
  const source = Readable.from(rows);
  const text = stringify({ header: true });
  source.on('error', error => text.destroy(error));
  return source.pipe(text);
}

async function* mapEach<From, To>(items: Iterable<From> | AsyncIterable<From>, map: (item: From) => To): AsyncGenerator<To> {
  for await (const item of items) yield map(item);
}
