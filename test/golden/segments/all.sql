(c.gender = $1::text
  and (c.birth_date <= case when c.time_zone = any($2::text[]) then $3::date when c.time_zone = any($4::text[]) then $5::date else $6::date end
    and c.birth_date > case when c.time_zone = any($7::text[]) then $8::date when c.time_zone = any($9::text[]) then $10::date else $11::date end)
  and (lower(c.city) in (select lower(given) from unnest($12::text[]) as given)))
-- $1 = "female"
-- $2 = ["Etc/GMT+12"]
-- $3 = "2001-11-21"
-- $4 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $5 = "2001-11-23"
-- $6 = "2001-11-22"
-- $7 = ["Etc/GMT+12"]
-- $8 = "1990-11-21"
-- $9 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $10 = "1990-11-23"
-- $11 = "1990-11-22"
-- $12 = ["Baku"]
