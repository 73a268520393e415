(c.country = any($1::text[]) and lower(c.city) in (select lower(given) from unnest($2::text[]) as given))
-- $1 = ["AZ","NZ"]
-- $2 = ["baku"]
