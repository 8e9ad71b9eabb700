told AS (
  SELECT s.seat, s.member, s.as_of, $columns
  FROM seat s$joins
)
