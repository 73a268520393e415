c.income_amount >= $1::numeric
-- $1 = 1200.5
