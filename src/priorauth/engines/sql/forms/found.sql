found_0 AS (
  SELECT t.seat, t.member, t.as_of,
    $columns
  FROM told t
  $joins
)
