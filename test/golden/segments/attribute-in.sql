lower(c.first_name) in (select lower(given) from unnest($1::text[]) as given)
-- $1 = ["LEYLA","john","nobody"]
