/**
 * Orders, one row each and net of refunds, and the facts kept from them: what a person bought how often, for how much, and when
 * last. Value questions read contact_value; whoever writes orders refreshes it in the same transaction.
 */
import type { WorkspaceId } from '../domain/ids.js';
import { type Sql, sql } from '../domain/sql.js';

/**
 * `orders` selects contact_id, order_id, ordered_at, state, currency, gross_amount, refunded_amount, item_count, coupon,
 * properties, source, each (contact_id, order_id) once. A known order takes what is sent: orders are sent whole.
 */
export function upsertPurchases(workspaceId: WorkspaceId, orders: Sql): Sql {
  return sql`insert into purchase (workspace_id, contact_id, order_id, ordered_at, state, currency, gross_amount, refunded_amount,
      item_count, coupon, properties, source)
    select ${workspaceId}, contact_id, order_id, ordered_at, state, currency, gross_amount, refunded_amount, item_count, coupon,
      coalesce(properties, '{}'), source
    from (${orders}) given
    on conflict (workspace_id, contact_id, order_id) do update set ordered_at = excluded.ordered_at, state = excluded.state,
      currency = excluded.currency, gross_amount = excluded.gross_amount, refunded_amount = excluded.refunded_amount,
      item_count = excluded.item_count, coupon = excluded.coupon, properties = excluded.properties, source = excluded.source`;
}

/**
 * Counts completed orders only: one that was canceled or wholly refunded is no sign of a customer. What a partly refunded order
 * kept counts as money, and a refund that is a row of its own (net below zero) takes its money back. The currency is null for someone who bought in several: their sum means nothing. `contacts` selects contact_id.
 */
export function refreshContactValue(workspaceId: WorkspaceId, contacts: Sql, now: Date): Sql {
  return sql`insert into contact_value as v (workspace_id, contact_id, order_count, net_amount, currency, first_order_at, last_order_at, as_of)
    select ${workspaceId}, people.contact_id, count(p.order_id) filter (where p.state = 'completed'), coalesce(sum(p.net_amount), 0),
      case when min(p.currency) = max(p.currency) then min(p.currency) end,
      min(p.ordered_at) filter (where p.state = 'completed'), max(p.ordered_at) filter (where p.state = 'completed'), ${now}
    from (select distinct contact_id from (${contacts}) given) people
      left join purchase p on p.workspace_id = ${workspaceId} and p.contact_id = people.contact_id
        and (p.state = 'completed' or p.state = 'refunded' and p.net_amount < 0)
    group by people.contact_id
    on conflict (workspace_id, contact_id) do update set order_count = excluded.order_count, net_amount = excluded.net_amount,
      currency = excluded.currency, first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at, as_of = excluded.as_of`;
}
