c.birth_date > case when c.time_zone = any($1::text[]) then $2::date when c.time_zone = any($3::text[]) then $4::date else $5::date end
-- $1 = ["Etc/GMT+12"]
-- $2 = "1990-11-21"
-- $3 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $4 = "1990-11-23"
-- $5 = "1990-11-22"
