case when c.time_zone = any($1::text[]) then c.birth_date <= $2::date when c.time_zone = any($3::text[]) then c.birth_date <= $4::date else c.birth_date <= $5::date end
-- $1 = ["Etc/GMT+12"]
-- $2 = "1996-11-20"
-- $3 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $4 = "1996-11-22"
-- $5 = "1996-11-21"
