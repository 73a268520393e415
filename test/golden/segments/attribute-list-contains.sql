exists (select from unnest(c.interests) as item where lower(item) = lower($1::text))
-- $1 = "HIKING"
