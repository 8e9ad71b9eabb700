$name AS (
  SELECT s.seat,
    CASE WHEN $lost THEN TRUE WHEN r.seat IS NULL THEN TRUE ELSE r.met OR r.unclear OR r.pending END AS can_hold,
    CASE WHEN $lost THEN TRUE WHEN r.seat IS NULL THEN TRUE ELSE r.not_met OR r.unclear OR r.pending END AS can_fail,
    coalesce(NOT ($lost) AND c.seat IS NOT NULL AND NOT r.pending, FALSE) AS conflict,
    coalesce(r.pending, FALSE) AS pending,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_said r ON r.seat = s.seat LEFT JOIN ${name}_at_once c ON c.seat = s.seat
)
