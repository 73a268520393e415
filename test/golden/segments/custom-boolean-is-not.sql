((c.attributes ->> $1::text)::boolean = $2::boolean) is not true
-- $1 = "3"
-- $2 = true
