lower(c.city) = lower($1::text)
-- $1 = "bAkU"
