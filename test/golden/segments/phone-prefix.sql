c.id in (select r.contact_id from reach r
    where r.workspace_id = $1 and r.channel = 'sms' and r.is_primary and (starts_with(r.address, $2::text) or starts_with(r.address, $3::text)))
-- $1 = "1001"
-- $2 = "+1212"
-- $3 = "+4420"
