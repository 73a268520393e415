c.id in (select e.contact_id from contact_event e
    where e.workspace_id = $1 and e.name = $2 and e.at <= $3::timestamptz
    group by e.contact_id having max(e.at) <= $4::timestamptz)
-- $1 = "1001"
-- $2 = "Product Viewed"
-- $3 = "2026-11-22T11:00:00.000Z"
-- $4 = "2026-10-23T11:00:00.000Z"
