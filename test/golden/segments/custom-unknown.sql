(c.attributes -> $1::text) is null
-- $1 = "9"
