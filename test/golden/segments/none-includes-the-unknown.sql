((c.gender = $1::text) is not true
  and not exists (select from (select contact_id from list_member where workspace_id = $2 and list_id = $3) as found where found.contact_id = c.id))
-- $1 = "female"
-- $2 = "1001"
-- $3 = "1"
