${name}_rows AS (
  SELECT r.seat, bool_or($good) AS good
  FROM $rows r$seats
  GROUP BY r.seat
),
$name AS (
  SELECT s.seat, TRUE AS can_hold, $lost OR NOT coalesce(r.good, FALSE) AS can_fail, $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat
)
