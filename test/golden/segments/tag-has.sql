c.id in (select contact_id from contact_tag where workspace_id = $1 and tag_id = $2)
-- $1 = "1001"
-- $2 = "2"
