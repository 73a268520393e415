(c.attributes ->> $1::text)::numeric between $2::numeric and $3::numeric
-- $1 = "2"
-- $2 = 7
-- $3 = 12
