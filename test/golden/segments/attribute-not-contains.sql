(strpos(lower(c.company), lower($1::text)) > 0) is not true
-- $1 = "%"
