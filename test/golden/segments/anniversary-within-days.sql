case when c.time_zone = any($1::text[]) then c.birth_date < $2::date and date_part('month', c.birth_date) * 100 + date_part('day', c.birth_date) = any($3::float8[]) when c.time_zone = any($4::text[]) then c.birth_date < $5::date and date_part('month', c.birth_date) * 100 + date_part('day', c.birth_date) = any($6::float8[]) else c.birth_date < $7::date and date_part('month', c.birth_date) * 100 + date_part('day', c.birth_date) = any($8::float8[]) end
-- $1 = ["Etc/GMT+12"]
-- $2 = "2026-01-01"
-- $3 = [1121,1122,1123]
-- $4 = [Antarctica/McMurdo … Pacific/Tongatapu]
-- $5 = "2026-01-01"
-- $6 = [1123,1124,1125]
-- $7 = "2026-01-01"
-- $8 = [1122,1123,1124]
