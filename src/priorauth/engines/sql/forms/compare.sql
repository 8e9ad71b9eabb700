$name AS (
  SELECT m.seat,
    CASE WHEN m.known THEN $can ELSE TRUE END AS can_hold,
    CASE WHEN m.known THEN $fail ELSE TRUE END AS can_fail,
    ${closed}m.lost, m.known, m.low, m.low_of, m.high, m.high_of
  FROM ${name}_measure m
)
