(c.attributes ->> $1::text) = any($2::text[])
-- $1 = "7"
-- $2 = ["gold","silver"]
