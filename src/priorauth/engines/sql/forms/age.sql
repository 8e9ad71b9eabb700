${name}_born AS (
  SELECT r.seat, $earliest AS earliest, $latest AS latest
  FROM $newest r
  GROUP BY r.seat
),
${name}_years AS (
  SELECT s.seat, b.seat IS NOT NULL AND NOT ($lost) AND b.earliest IS NOT NULL AND b.latest IS NOT NULL AS known,
    $least AS least,
    $most AS most,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_born b ON b.seat = s.seat
),
$name AS (
  SELECT m.seat, CASE WHEN m.known THEN $can ELSE TRUE END AS can_hold, CASE WHEN m.known THEN $fail ELSE TRUE END AS can_fail, m.lost
  FROM ${name}_years m
)
