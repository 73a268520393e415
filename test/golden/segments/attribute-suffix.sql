right(lower(c.last_name), length(lower($1::text))) = lower($2::text)
-- $1 = "YEVA"
-- $2 = "YEVA"
