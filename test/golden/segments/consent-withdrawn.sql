c.id in (select latest.contact_id from (
      select distinct on (s.contact_id) s.contact_id, s.state, s.source, s.occurred_at, s.expires_at
      from consent s where s.workspace_id = $1 and s.channel = $2 and s.topic = $3 order by s.contact_id, s.occurred_at desc, s.id desc) latest
    where latest.state = 'withdrawn' and latest.occurred_at >= $4::timestamptz)
-- $1 = "1001"
-- $2 = "sms"
-- $3 = "news"
-- $4 = "2026-11-19T11:00:00.000Z"
