(exists (select from unnest($1::text[]) as given where starts_with(translate(lower(c.postal_code), ' -', ''), given)))
-- $1 = ["sw1a1","az2"]
