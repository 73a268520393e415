// What a column of an orders file may mean; the customer is named by externalId, email or phone as in a contacts file.
import { type CellReader, readChoice, readCurrency, readInstant, readNumber, readText, readWhole } from './coerce.js';
import type { ColumnField, ColumnType } from './contact-fields.js';

const dayMs = 24 * 3600 * 1000;

const states = {
  complete: 'completed',
  paid: 'completed',
  fulfilled: 'completed',
  shipped: 'completed',
  delivered: 'completed',
  closed: 'completed',
  done: 'completed',
  refund: 'refunded',
  returned: 'refunded',
  return: 'refunded',
  chargeback: 'refunded',
  cancelled: 'canceled',
  cancel: 'canceled',
  void: 'canceled',
  voided: 'canceled',
  failed: 'canceled',
};

const field = (column: string, type: ColumnType, read: CellReader, synonyms = ''): ColumnField => ({
  column,
  type,
  read,
  synonyms: synonyms.split(' ').filter(word => word !== ''),
});

export const orderFields: Readonly<Record<string, ColumnField>> = {
  orderId: field(
    'order_id',
    'text',
    readText(200),
    'order ordernumber orderno invoice invoiceno invoiceid invoicenumber transactionid receipt',
  ),
  orderedAt: field(
    'ordered_at',
    'timestamptz',
    readInstant('1970-01-01', dayMs),
    'orderdate date createdat invoicedate purchasedat purchasedate placedat time timestamp',
  ),
  amount: field('amount', 'numeric', readNumber(-1e15, 1e15, 2), 'total ordertotal revenue grandtotal value sum grossamount'),
  refundedAmount: field('refunded_amount', 'numeric', readNumber(0, 1e15, 2), 'refund refunded amountrefunded'),
  unitPrice: field('unit_price', 'numeric', readNumber(-1e12, 1e12, 6), 'price'),
  items: field('item_count', 'integer', readWhole(-1_000_000, 1_000_000), 'itemcount quantity qty numberofitems'),
  currency: field('currency', 'text', readCurrency, 'currencycode'),
  coupon: field('coupon', 'text', readText(200), 'couponcode promo promocode discountcode voucher'),
  state: field('state', 'text', readChoice(['completed', 'refunded', 'canceled'], states), 'status orderstatus financialstatus'),
};
