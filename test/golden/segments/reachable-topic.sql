c.id in (select r.contact_id from reach r
    where r.workspace_id = $1 and r.channel = $2 and r.is_primary
      and r.state = 'ok' and not r.is_suppressed and $3::text = any(r.topics))
-- $1 = "1001"
-- $2 = "email"
-- $3 = "news"
