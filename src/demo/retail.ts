/**
 * The real orders of the demo, read from the data that ships with it, with dates moved by whole days so that the last
 * order was yesterday. Cancellations come as they are in the data: an invoice of its own with a negative amount.
 */
import { parse } from 'csv-parse';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { Customer } from './people.js';
import { countryCode } from './retail-countries.js';

const dayMs = 24 * 3600 * 1000;

export type RetailOrder = {
  readonly invoice: string;
  readonly customer: string;
  readonly country: string;
  /** YYYY-MM-DD HH:MM:SS in London's time. */
  readonly orderedAt: string;
  readonly quantity: string;
  /** GBP. */
  readonly amount: string;
  readonly topProduct: string;
};

type Row = Record<'invoice_no' | 'customer_id' | 'country' | 'invoice_date' | 'quantity' | 'revenue' | 'top_product', string>;

export function retailFile(projectRoot: string): string {
  return join(projectRoot, 'src/demo/data/online-retail-orders.csv.gz');
}

export async function* readOrders(file: string): AsyncGenerator<RetailOrder> {
  const packed = createReadStream(file);
  const unpacked = packed.pipe(createGunzip());
  const rows = unpacked.pipe(parse({ columns: true }));
  // pipe() passes no errors on: a missing or broken file must not look like an endless one.
  packed.on('error', error => rows.destroy(error));
  unpacked.on('error', error => rows.destroy(error));
  for await (const row of rows as AsyncIterable<Row>) yield toOrder(row);
}

export type RetailSurvey = { readonly customers: Customer[]; readonly orders: number; readonly lastDay: string };

/** One pass over all orders: who bought (the country is that of their last order), how many orders, and the last day. */
export async function surveyRetail(orders: AsyncIterable<RetailOrder>): Promise<RetailSurvey> {
  const countries = new Map<string, string | null>();
  let count = 0;
  let lastDay = '';
  for await (const order of orders) {
    count++;
    countries.set(order.customer, countryCode(order.country));
    const day = order.orderedAt.slice(0, 10);
    if (day > lastDay) lastDay = day;
  }
  const customers = [...countries].map(([externalId, country]) => ({ externalId, country }));
  return { customers, orders: count, lastDay };
}

/** Whole days from the last day of the data to yesterday (UTC). */
export function daysToYesterday(lastDay: string, now: Date): number {
  const yesterday = Math.floor(now.getTime() / dayMs) - 1;
  return yesterday - Date.parse(`${lastDay}T00:00:00Z`) / dayMs;
}

/** Moves the day and keeps the hour. */
export function movedBy(days: number, localTime: string): string {
  const day = new Date(Date.parse(`${localTime.slice(0, 10)}T00:00:00Z`) + days * dayMs);
  return day.toISOString().slice(0, 10) + localTime.slice(10);
}

function toOrder(row: Row): RetailOrder {
  return {
    invoice: row.invoice_no,
    customer: row.customer_id,
    country: row.country,
    orderedAt: row.invoice_date,
    quantity: row.quantity,
    amount: row.revenue,
    topProduct: row.top_product,
  };
}
