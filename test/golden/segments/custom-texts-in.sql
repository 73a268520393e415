exists (select from unnest(array(select jsonb_array_elements_text(c.attributes -> $1::text))) as item where lower(item) in (select lower(given) from unnest($2::text[]) as given))
-- $1 = "6"
-- $2 = ["SKI","tennis"]
