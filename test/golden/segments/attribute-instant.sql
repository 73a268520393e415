c.created_at <= $1::timestamptz
-- $1 = "2026-11-12T11:00:00.000Z"
