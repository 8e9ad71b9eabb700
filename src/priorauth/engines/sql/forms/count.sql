${name}_rows AS (
  SELECT r.seat, count(*) FILTER (WHERE $certain) AS sure, count(*) AS possible
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
),
${name}_measure AS (
  SELECT s.seat, NOT ($lost)$known AS known,
    coalesce(r.sure, 0) AS low, $days AS low_of,
    CASE WHEN $whole THEN coalesce(r.possible, 0) END AS high, $days AS high_of,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat$complete
)
