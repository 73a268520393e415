not exists (select from (select contact_id from contact_tag where workspace_id = $1 and tag_id = $2) as found where found.contact_id = c.id)
-- $1 = "1001"
-- $2 = "2"
