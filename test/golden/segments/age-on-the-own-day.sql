(c.birth_date <= case when c.time_zone = any($1::text[]) then $2::date when c.time_zone = any($3::text[]) then $4::date else $5::date end
    and c.birth_date > case when c.time_zone = any($6::text[]) then $7::date when c.time_zone = any($8::text[]) then $9::date else $10::date end)
-- $1 = ["Etc/GMT+12"]
-- $2 = "1990-11-21"
-- $3 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $4 = "1990-11-23"
-- $5 = "1990-11-22"
-- $6 = ["Etc/GMT+12"]
-- $7 = "1989-11-21"
-- $8 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $9 = "1989-11-23"
-- $10 = "1989-11-22"
