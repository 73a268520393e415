strpos(lower(c.company), lower($1::text)) > 0
-- $1 = "100%"
