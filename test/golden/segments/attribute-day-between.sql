c.birth_date between $1::date and $2::date
-- $1 = "1990-11-23"
-- $2 = "1996-05-17"
