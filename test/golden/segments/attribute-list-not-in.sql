not exists (select from unnest(c.interests) as item where lower(item) in (select lower(given) from unnest($1::text[]) as given))
-- $1 = ["hiking","golf"]
