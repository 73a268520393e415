(lower(c.city) = lower($1::text)) is not true
-- $1 = "Baku"
