strpos(lower((c.attributes ->> $1::text)), lower($2::text)) > 0
-- $1 = "1"
-- $2 = "MÜŞTƏRI"
