(c.attributes -> $1::text ->> 'currency' = $2 and (c.attributes -> $3::text ->> 'amount')::numeric >= $4::numeric)
-- $1 = "9"
-- $2 = "EUR"
-- $3 = "9"
-- $4 = 100
