not exists (select from unnest($1::text[]) as given where (lower(given) = any(array(select lower(item) from unnest(c.interests) as item))) is not true)
-- $1 = ["hiking","CHESS"]
