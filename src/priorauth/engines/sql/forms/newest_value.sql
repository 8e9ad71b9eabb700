${name}_ends AS (
  SELECT r.seat, max(r.first) FILTER (WHERE $sure) AS newest
  FROM $rows r$seats
  GROUP BY r.seat
),
${name}_rows AS (
  SELECT r.seat, min(r.low) AS low, max(r.high) AS high, bool_or(r.low IS NULL) AS no_low, bool_or(r.high IS NULL) AS no_high,
    bool_or($faulty) AS faulty
  FROM $rows r JOIN ${name}_ends n ON n.seat = r.seat$seats
  WHERE $can AND r.last >= n.newest
  GROUP BY r.seat
),
${name}_measure AS (
  SELECT s.seat, coalesce(NOT ($lost) AND NOT r.faulty, FALSE) AS known,
    CASE WHEN NOT r.no_low THEN r.low END AS low, 1 AS low_of,
    CASE WHEN NOT r.no_high THEN r.high END AS high, 1 AS high_of,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat
)
