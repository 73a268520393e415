not exists (select from (select v.contact_id from contact_value v where v.workspace_id = $1 and v.last_order_at is not null) as found where found.contact_id = c.id)
-- $1 = "1001"
