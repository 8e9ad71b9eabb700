$name AS (
  SELECT b.seat,
    CASE WHEN b.known AND a.known THEN NOT ($fails) ELSE TRUE END AS can_hold,
    CASE WHEN b.known AND a.known THEN NOT ($holds) ELSE TRUE END AS can_fail,
    coalesce(b.lost, a.lost) AS lost
  FROM ${name}_before_measure b JOIN ${name}_after_measure a ON a.seat = b.seat
)
