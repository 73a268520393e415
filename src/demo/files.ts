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
  /** How many rows there will be, and how many have gone out. */
  readonly total: number;
  readonly sent: () => number;
  readonly body: Readable;
};

const consentSource = 'Newsletter form, spring fair';

export function contactsFile(people: Iterable<Person>, total: number): DemoFile {
  return {
    kind: 'contacts',
    fileName: 'customers.csv',
    mapping: {
      'SMS marketing': 'consent.sms.marketing',
      'Email marketing': 'consent.email.marketing',
      'Consent source': 'consentSource',
    },
    options: { tags: ['demo'], consentSource },
    total,
    ...csv(people, contactRow),
  };
}

export function ordersFile(orders: AsyncIterable<RetailOrder>, total: number, movedByDays: number): DemoFile {
  return {
    kind: 'orders',
    fileName: 'orders.csv',
    mapping: { 'Customer ID': 'externalId', 'Order date': 'orderedAt', 'Top product': 'properties.topProduct' },
    options: { currency: 'GBP', timeZone: 'Europe/London' },
    total,
    ...csv(orders, order => orderRow(order, movedByDays)),
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

function csv<Item>(items: Iterable<Item> | AsyncIterable<Item>, toRow: (item: Item) => object): Pick<DemoFile, 'sent' | 'body'> {
  let sent = 0;
  async function* rows(): AsyncGenerator<object> {
    for await (const item of items) {
      sent++;
      yield toRow(item);
    }
  }
  const source = Readable.from(rows());
  const body = stringify({ header: true });
  source.on('error', error => body.destroy(error)); // pipe() passes no errors on
  return { sent: () => sent, body: source.pipe(body) };
}
