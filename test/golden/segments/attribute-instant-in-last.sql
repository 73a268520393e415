c.created_at > $1::timestamptz and c.created_at <= $2::timestamptz
-- $1 = "2026-10-22T11:00:00.000Z"
-- $2 = "2026-11-22T11:00:00.000Z"
