(c.birth_date <= case when c.time_zone = any($1::text[]) then $2::date when c.time_zone = any($3::text[]) then $4::date else $5::date end
  or c.id in (select contact_id from list_member where workspace_id = $6 and list_id = $7))
-- $1 = ["Etc/GMT+12"]
-- $2 = "1996-11-21"
-- $3 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $4 = "1996-11-23"
-- $5 = "1996-11-22"
-- $6 = "1001"
-- $7 = "1"
