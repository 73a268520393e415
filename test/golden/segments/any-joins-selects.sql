(c.country = $1::text
  or c.id in (select contact_id from list_member where workspace_id = $2 and list_id = $3
  union all select contact_id from contact_tag where workspace_id = $4 and tag_id = $5))
-- $1 = "GB"
-- $2 = "1001"
-- $3 = "2"
-- $4 = "1001"
-- $5 = "1"
