starts_with(lower(c.last_name), lower($1::text))
-- $1 = "ə"
