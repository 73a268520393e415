not exists (select from (select e.contact_id from contact_event e
    where e.workspace_id = $1 and e.name = $2 and e.at <= $3::timestamptz) as found where found.contact_id = c.id)
-- $1 = "1001"
-- $2 = "Product Viewed"
-- $3 = "2026-11-22T11:00:00.000Z"
