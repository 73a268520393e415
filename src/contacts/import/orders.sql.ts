/**
 * Orders of a file: several rows of one order become one staged row, then one purchase. A negative amount is a refund: of
 * the order with that id if there is one, else a row of its own that only takes money back.
 */
import type { WorkspaceId } from '../../domain/ids.js';
import { identifier, joinSql, literal, type Sql, sql } from '../../domain/sql.js';
import type { Batch } from './merge-rows.sql.js';
import { identityColumns } from './row-reader.js';
import { stagingTable } from './staging.sql.js';

type FoldOptions = { isLines: boolean; currency: string };

/**
 * Replaces the rows as they came by one row per customer and order, in the order of first appearance. `isLines`: amounts of
 * rows add up; else a later row of the same order replaces the earlier one, and refunds add up.
 */
export function foldOrders(importId: string, { isLines, currency }: FoldOptions): Sql[] {
  const rows = stagingTable(importId, '_rows');
  const identities = joinSql(
    identityColumns.map(([name]) => sql`f.${identifier(name)}`),
    ', ',
  );
  const gross = isLines ? sql`o.sale_sum` : sql`l.sale`;
  const refunded = isLines ? sql`o.refund_sum + o.refunded_sum` : sql`o.refund_sum + coalesce(l.refunded_amount, 0)`;
  const items = isLines ? sql`o.item_sum` : sql`l.item_count`;
  return [
    sql`alter table ${stagingTable(importId)} rename to ${identifier(`import_${importId}_rows`)}`,
    sql`analyze ${rows}`,
    sql`create unlogged table ${stagingTable(importId)} as
      with priced as (
        select s.*, coalesce('e' || external_id, 'm' || email, 'p' || phone) as person,
          coalesce(amount, round(unit_price * item_count, 2)) as priced_amount from ${rows} s),
      signed as (
        select p.*, case when coalesce(priced_amount, 0) >= 0 and (priced_amount is not null or state is not null) then coalesce(priced_amount, 0) end as sale,
          case when priced_amount < 0 then -priced_amount when priced_amount is null and state is null then coalesce(refunded_amount, 0) else 0 end as refund
        from priced p),
      orders as (
        select person, order_id, min(n) as first_n, coalesce(max(n) filter (where sale is not null), max(n)) as last_n, count(*) as row_count,
          sum(sale) as sale_sum, sum(refund) as refund_sum, coalesce(sum(refunded_amount) filter (where sale is not null), 0) as refunded_sum,
          sum(item_count) filter (where sale is not null)::integer as item_sum
        from signed group by person, order_id)
      select row_number() over (order by o.first_n) as n, f.row_number, o.row_count, ${identities}, l.order_id, l.ordered_at,
        ${gross} as gross_amount, ${refunded} as refunded_amount, case when ${items} >= 0 then ${items} end as item_count,
        l.state, coalesce(l.currency, ${currencyLiteral(currency)}) as currency, l.coupon, l.attributes as properties, f.raw
      from orders o join signed f on f.n = o.first_n join signed l on l.n = o.last_n`,
    sql`drop table ${rows}`,
  ];
}

/** CREATE TABLE AS takes no parameters; a currency code is three letters. */
function currencyLiteral(currency: string): Sql {
  if (!/^[A-Z]{3}$/.test(currency)) throw new Error(`not a currency code: ${currency}`);
  return literal(currency);
}

/** The batch as `upsertPurchases` takes it: only orders that are new or changed. A refund alone keeps what the order said. */
export function changedOrders(workspaceId: WorkspaceId, { table, from, to }: Batch, source: string): Sql {
  return sql`select distinct on (m.contact_id, s.order_id) m.contact_id, s.order_id, new.*, ${source}::text as source
    from merge_row m join ${table} s on s.n = m.n and s.n > ${from} and s.n <= ${to}
      left join purchase p on p.workspace_id = ${workspaceId} and p.contact_id = m.contact_id and p.order_id = s.order_id
      cross join lateral (
        select coalesce(s.gross_amount, p.gross_amount, 0) as gross_amount, (s.gross_amount is null and p.order_id is not null) as is_refund_only) o
      cross join lateral (
        select case when is_refund_only then p.ordered_at else s.ordered_at end as ordered_at,
          case when s.state = 'canceled' or (is_refund_only and p.state = 'canceled') then 'canceled'
            when s.gross_amount is null and p.order_id is null or s.state = 'refunded' then 'refunded'
            when s.refunded_amount > 0 and s.refunded_amount >= o.gross_amount then 'refunded' else 'completed' end as state,
          case when is_refund_only then p.currency else s.currency end as currency,
          o.gross_amount,
          case when s.state = 'refunded' and s.refunded_amount = 0 then o.gross_amount else s.refunded_amount end as refunded_amount,
          case when is_refund_only then p.item_count else s.item_count end as item_count,
          case when is_refund_only then p.coupon else s.coupon end as coupon,
          case when is_refund_only then p.properties else coalesce(s.properties, '{}') end as properties) new
    where p.order_id is null
      or (p.ordered_at, p.state, p.currency, p.gross_amount, p.refunded_amount, p.item_count, p.coupon, p.properties)
        is distinct from (new.ordered_at, new.state, new.currency, new.gross_amount, new.refunded_amount, new.item_count, new.coupon, new.properties)
    order by m.contact_id, s.order_id, s.n desc`;
}

/** Rows behind the batch's orders: the file may have had several rows an order. */
export function countRows({ table, from, to }: Batch): Sql {
  return sql`select coalesce(sum(row_count), 0)::int as rows from ${table} where n > ${from} and n <= ${to}`;
}

/** Orders of people we do not know, kept for the file of rejects while that has room. Returns one row count per order. */
export function rejectOrders(
  workspaceId: WorkspaceId,
  importId: string,
  { table }: Batch,
  numbers: readonly string[],
  room: number,
): Sql {
  return sql`with unknown as (select row_number, row_count, raw from ${table} where n = any(${numbers}::bigint[])),
    kept as (
      insert into import_reject (workspace_id, import_id, row_number, column_name, reason, raw)
      select ${workspaceId}, ${importId}, row_number, null, 'no contact has this external id, email or phone', raw from unknown
      order by row_number limit ${Math.max(room, 0)} on conflict do nothing)
    select coalesce(sum(row_count), 0)::int as rows from unknown`;
}
