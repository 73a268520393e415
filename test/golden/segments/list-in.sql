c.id in (select contact_id from list_member where workspace_id = $1 and list_id = $2)
-- $1 = "1001"
-- $2 = "1"
