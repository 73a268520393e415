c.id in (select r.contact_id from reach r
    where r.workspace_id = $1 and r.channel = 'sms' and r.is_primary and r.country = any($2::text[]) and r.area_code = any($3::text[]) and r.line_type = any($4::text[]))
-- $1 = "1001"
-- $2 = ["US"]
-- $3 = ["212"]
-- $4 = ["fixed-or-mobile","mobile"]
