-- what has no lower end adds nothing for certain, what has no upper end may add anything
${name}_rows AS (
  SELECT r.seat,
    CAST(sum(coalesce(r.low, 0)) FILTER (WHERE $certain) AS BIGINT) AS sure, CAST(sum(r.high) AS BIGINT) AS possible,
    count(*) FILTER (WHERE r.high IS NULL) AS open_ended
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
),
${name}_measure AS (
  SELECT s.seat, NOT ($lost) AS known,
    coalesce(r.sure, 0) AS low, 1 AS low_of,
    CASE WHEN $whole AND coalesce(r.open_ended, 0) = 0 THEN coalesce(r.possible, 0) END AS high, 1 AS high_of,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat$complete
)
