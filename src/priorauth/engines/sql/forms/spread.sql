${name}_rows AS (
  SELECT r.seat,
    max(r.low) FILTER (WHERE $certain) AS sure_low, min(r.high) FILTER (WHERE $certain) AS sure_high,
    min(r.low) AS lowest, max(r.high) AS highest,
    count(*) AS possible,
    count(*) FILTER (WHERE (r.low IS NULL OR r.high IS NULL)) AS open_ended
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
),
${name}_measure AS (
  SELECT s.seat, coalesce(NOT ($lost) AND r.possible > 0, FALSE) AS known,
    greatest(coalesce(r.sure_low - r.sure_high, 0), 0) AS low, 1 AS low_of,
    CASE WHEN $whole AND r.open_ended = 0 THEN r.highest - r.lowest END AS high, 1 AS high_of,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat$complete
)
