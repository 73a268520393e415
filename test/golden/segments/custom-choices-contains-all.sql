not exists (select from unnest($1::text[]) as given where (given = any(array(select item from unnest(array(select jsonb_array_elements_text(c.attributes -> $2::text))) as item))) is not true)
-- $1 = ["gold","silver"]
-- $2 = "8"
