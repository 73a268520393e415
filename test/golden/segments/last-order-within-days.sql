c.id in (select v.contact_id from contact_value v where v.workspace_id = $1 and v.last_order_at > $2::timestamptz)
-- $1 = "1001"
-- $2 = "2026-05-26T11:00:00.000Z"
