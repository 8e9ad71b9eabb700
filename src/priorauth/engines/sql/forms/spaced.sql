-- in the order of the last days that each row may be on, every row that lies far enough behind the one before it
${name}_sure AS (
  SELECT r.seat, $spaced AS sure
  FROM $rows r$seats
  WHERE $sure
  GROUP BY r.seat
),
${name}_possible AS (
  SELECT r.seat, $spaced AS possible
  FROM $rows r$seats
  WHERE $can AND r.first = r.last
  GROUP BY r.seat
),
${name}_vague AS (
  SELECT r.seat, count(*) AS vague
  FROM $rows r$seats
  WHERE $can AND r.first <> r.last
  GROUP BY r.seat
),
${name}_measure AS (
  SELECT s.seat, NOT ($lost) AS known,
    coalesce(r.sure, 0) AS low, 1 AS low_of,
    CASE WHEN $whole THEN coalesce(p.possible, 0) + coalesce(v.vague, 0) END AS high, 1 AS high_of,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_sure r ON r.seat = s.seat LEFT JOIN ${name}_possible p ON p.seat = s.seat
    LEFT JOIN ${name}_vague v ON v.seat = s.seat$complete
)
