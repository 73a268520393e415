not exists (select from (select s.contact_id from consent s where s.workspace_id = $1 and s.channel = $2 and s.topic = $3) as found where found.contact_id = c.id)
-- $1 = "1001"
-- $2 = "sms"
-- $3 = "news"
