c.birth_date is not null
