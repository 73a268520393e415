// A CSV of orders becomes purchases of known customers, net of refunds; the same file twice is the same as once.
import { startTestApp, type TestApp } from '../support/app.js';
import { uploadAndMerge } from '../support/imports.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ workspace: { defaultCountry: 'GB', timeZone: 'Europe/London' } });
  await uploadAndMerge(app, 'externalId,email,phone\n1,one@x.fi,+442079460001\n2,two@x.fi,\n3,,\n', { kind: 'contacts' });
});
afterAll(() => app.stop());

const orders = async () =>
  (
    await app.db.pool
      .query(`select i.value as customer, order_id, state, currency, gross_amount::float as gross, refunded_amount::float as refunded, item_count as items, coupon,
      to_char(ordered_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at
    from purchase p join identity i on i.contact_id = p.contact_id and i.kind = 'external_id' order by 1, 2`)
  ).rows;
const value = async (customer: string) =>
  (
    await app.db.pool.query(
      `select order_count as orders, net_amount::float as net, currency, first_order_at::date::text as first, last_order_at::date::text as last
      from contact_value v join identity i using (contact_id) where i.value = $1`,
      [customer],
    )
  ).rows[0];

const file = [
  'InvoiceNo,Customer ID,Email,InvoiceDate,Total,Items,Coupon,Status',
  '536365,1,,2026-07-01 08:26,139.12,40,,',
  '536366,,one@x.fi,2026-08-01T10:00:00+03:00,60.00,3,SUMMER,paid',
  'C536379,1,,2026-08-02 09:41,-27.50,-1,,',
  '536400,2,,2026-01-15 00:00,100,1,,',
  '536400,2,,2026-01-20 00:00,-40,,,',
  '536401,2,,2026-02-01 00:00,80,1,,cancelled',
  '536402,2,,2026-02-02 00:00,50,1,,refunded',
  '536500,99,,2026-03-01 00:00,10,1,,',
  '536501,1,,2026-02-31 00:00,10,1,,',
  ',1,,2026-03-01 00:00,10,1,,',
  '536502,1,,2026-03-01 00:00,,1,,',
].join('\n');

test('orders are found by their usual column names, dated in the zone of the workspace', async () => {
  const done = await uploadAndMerge(app, file, { kind: 'orders' });
  expect(done.mapping).toEqual({
    InvoiceNo: 'orderId',
    'Customer ID': 'externalId',
    Email: 'email',
    InvoiceDate: 'orderedAt',
    Total: 'amount',
    Items: 'items',
    Coupon: 'coupon',
    Status: 'state',
  });
  expect(done).toMatchObject({ state: 'done', rowsRead: 11, rowsRejected: 4, rowsMerged: 7, contactsCreated: 0 });
  expect(await orders()).toEqual([
    {
      customer: '1',
      order_id: '536365',
      state: 'completed',
      currency: 'USD',
      gross: 139.12,
      refunded: 0,
      items: 40,
      coupon: null,
      at: '2026-07-01 07:26',
    },
    {
      customer: '1',
      order_id: '536366',
      state: 'completed',
      currency: 'USD',
      gross: 60,
      refunded: 0,
      items: 3,
      coupon: 'SUMMER',
      at: '2026-08-01 07:00',
    },
    {
      customer: '1',
      order_id: 'C536379',
      state: 'refunded',
      currency: 'USD',
      gross: 0,
      refunded: 27.5,
      items: null,
      coupon: null,
      at: '2026-08-02 08:41',
    },
    {
      customer: '2',
      order_id: '536400',
      state: 'completed',
      currency: 'USD',
      gross: 100,
      refunded: 40,
      items: 1,
      coupon: null,
      at: '2026-01-15 00:00',
    },
    {
      customer: '2',
      order_id: '536401',
      state: 'canceled',
      currency: 'USD',
      gross: 80,
      refunded: 0,
      items: 1,
      coupon: null,
      at: '2026-02-01 00:00',
    },
    {
      customer: '2',
      order_id: '536402',
      state: 'refunded',
      currency: 'USD',
      gross: 50,
      refunded: 50,
      items: 1,
      coupon: null,
      at: '2026-02-02 00:00',
    },
  ]);
});

test('what people bought is kept net of refunds', async () => {
  expect(await value('1')).toEqual({ orders: 2, net: 171.62, currency: 'USD', first: '2026-07-01', last: '2026-08-01' });
  expect(await value('2')).toEqual({ orders: 1, net: 60, currency: 'USD', first: '2026-01-15', last: '2026-01-15' });
});

test('rows of unknown customers are rejected with all their columns', async () => {
  const { body } = await app.api('GET', '/v1/imports');
  const { text } = await app.api('GET', `/v1/imports/${body.data[0].id}/rejects.csv`);
  expect(text.trim().split('\n').slice(1)).toEqual([
    '9,,"no contact has this external id, email or phone",536500,99,,2026-03-01 00:00,10,1,,',
    '10,InvoiceDate,a date that does not exist,536501,1,,2026-02-31 00:00,10,1,,',
    '11,,has no order id,,1,,2026-03-01 00:00,10,1,,',
    '12,,has no amount,536502,1,,2026-03-01 00:00,,1,,',
  ]);
});

test('the same file twice changes nothing', async () => {
  const before = await orders();
  expect(await uploadAndMerge(app, file, { kind: 'orders' })).toMatchObject({ contactsUpdated: 0, rowsMerged: 7 });
  expect(await orders()).toEqual(before);
});

test('a refund of a known order takes its money back and keeps the rest', async () => {
  await uploadAndMerge(app, 'order id,external id,date,amount\n536366,1,2026-09-01,-60\n', { kind: 'orders' });
  expect((await orders())[1]).toMatchObject({
    order_id: '536366',
    state: 'refunded',
    gross: 60,
    refunded: 60,
    items: 3,
    coupon: 'SUMMER',
    at: '2026-08-01 07:00',
  });
  expect(await value('1')).toMatchObject({ orders: 1, net: 111.62 });
});

test('lines of an order add up, from unit price and quantity', async () => {
  await uploadAndMerge(
    app,
    'InvoiceNo,CustomerID,InvoiceDate,Quantity,UnitPrice,Currency\n7001,3,2026-05-01 10:00,6,2.55,GBP\n7001,3,2026-05-01 10:00,2,3.39,GBP\n7002,3,2026-05-02 10:00,1,1.005,GBP\n7001,3,2026-05-03 09:00,-1,2.55,GBP\n',
    {
      kind: 'orders',
      options: { rows: 'lines' },
      mapping: { Quantity: 'items', UnitPrice: 'unitPrice' },
    },
  );
  expect((await orders()).filter(order => order.customer === '3')).toMatchObject([
    { order_id: '7001', gross: 22.08, refunded: 2.55, items: 8, currency: 'GBP', state: 'completed' },
    { order_id: '7002', gross: 1.01, items: 1 },
  ]);
});

test('customers we do not know are made when asked', async () => {
  const done = await uploadAndMerge(
    app,
    'order id,email,date,amount\nn1,new@x.fi,2026-05-01,5\nn2,new@x.fi,2026-05-02,6\nn3,one@x.fi,2026-05-02,6\n',
    {
      kind: 'orders',
      options: { createContacts: true, currency: 'EUR' },
    },
  );
  expect(done).toMatchObject({ contactsCreated: 1, rowsMerged: 3, rowsRejected: 0 });
  const { rows } = await app.db.pool.query(
    `select v.order_count as orders, v.currency from contact_value v join identity i using (contact_id) where i.value = 'new@x.fi'`,
  );
  expect(rows).toEqual([{ orders: 2, currency: 'EUR' }]);
});
