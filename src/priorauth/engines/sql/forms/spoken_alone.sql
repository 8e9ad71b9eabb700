$name AS (
  SELECT r.seat, r.met OR r.unclear OR r.pending AS can_hold, r.not_met OR r.unclear OR r.pending AS can_fail,
    c.seat IS NOT NULL AND NOT r.pending AS conflict, r.pending
  FROM ${name}_said r LEFT JOIN ${name}_at_once c ON c.seat = r.seat
)
