${name}_said AS (
  SELECT r.seat,
    bool_or($met) AS met,
    bool_or($not_met) AS not_met,
    bool_or($open) AS unclear,
    min(r.first) = max(r.first) AND min(r.last) = max(r.last)
      AND (count(r.minute) = 0 OR (count(r.minute) = count(*) AND min(r.minute) = max(r.minute))) AS at_once,
    bool_or($pending) AS pending
  FROM $newest r$seats
  GROUP BY r.seat
),
$name AS (
  SELECT s.seat,
    CASE WHEN $lost OR r.pending THEN TRUE WHEN r.seat IS NULL THEN $silent_can ELSE r.met OR r.unclear END AS can_hold,
    CASE WHEN $lost OR r.pending THEN TRUE WHEN r.seat IS NULL THEN TRUE ELSE r.not_met OR r.unclear END AS can_fail,
    coalesce(NOT ($lost) AND r.met AND r.not_met AND r.at_once AND NOT r.pending, FALSE) AS conflict,
    coalesce(r.pending, FALSE) AS pending,
    $which AS lost
  FROM seat s LEFT JOIN ${name}_said r ON r.seat = s.seat
)
