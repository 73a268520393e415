case when c.time_zone = any($1::text[]) then (c.attributes ->> $2::text)::date = $3::date when c.time_zone = any($4::text[]) then (c.attributes ->> $5::text)::date = $6::date else (c.attributes ->> $7::text)::date = $8::date end
-- $1 = ["Etc/GMT+12"]
-- $2 = "4"
-- $3 = "2026-11-21"
-- $4 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $5 = "4"
-- $6 = "2026-11-23"
-- $7 = "4"
-- $8 = "2026-11-22"
