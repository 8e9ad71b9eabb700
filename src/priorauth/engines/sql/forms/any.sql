${name}_rows AS (
  SELECT r.seat, bool_or($certain) AS met, TRUE AS possible
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
),
$name AS (
  SELECT s.seat,
    $lost OR coalesce(r.possible, FALSE) OR NOT ($whole) AS can_hold,
    $lost OR NOT coalesce(r.met, FALSE) AS can_fail,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat$complete
)
