(c.country = any($1::text[])) is not true
-- $1 = ["AZ","GB"]
