(((not exists (select from (select contact_id from list_member where workspace_id = $1 and list_id = $2) as found where found.contact_id = c.id)
  and (c.birth_date <= case when c.time_zone = any($3::text[]) then $4::date when c.time_zone = any($5::text[]) then $6::date else $7::date end) is not true)
  and c.id in (select contact_id from contact_tag where workspace_id = $8 and tag_id = $9))) is not true
-- $1 = "1001"
-- $2 = "1"
-- $3 = ["Etc/GMT+12"]
-- $4 = "1996-11-21"
-- $5 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $6 = "1996-11-23"
-- $7 = "1996-11-22"
-- $8 = "1001"
-- $9 = "2"
