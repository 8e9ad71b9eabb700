${name}_rows AS (
  SELECT r.seat,
    bool_or(NOT (r.low = 0 AND r.high = 0)) AS present,
    bool_or(NOT (r.low = 0 AND r.high = 0) AND $sure AND $maybe AND r.low = 1) AS met,
    bool_or(NOT (r.low = 0 AND r.high = 0) AND $maybe) AS possible,
    bool_or(r.start_last <= $first AND r.end_first >= $last) AS denied
  FROM $rows r JOIN $all_seats s ON s.seat = r.seat
  GROUP BY r.seat
),
$name AS (
  SELECT s.seat,
    $lost OR CASE WHEN r.seat IS NULL THEN NOT ($whole) ELSE r.met OR r.possible OR NOT (r.present OR r.denied OR $whole) END AS can_hold,
    $lost OR NOT coalesce(r.met, FALSE) AS can_fail,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat$complete
)
