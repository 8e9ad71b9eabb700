-- present on one day: the latest start counts; after a stated end it is absent, of the days before its start nothing is said
${name}_rows AS (
  SELECT r.seat,
    max(CASE WHEN $said AND r.start_last <= $day AND $day <= r.end_first THEN r.start_first END) AS start,
    max(CASE WHEN $said AND $covers AND r.low = 1 THEN r.start_last END) AS present,
    max(CASE WHEN $said AND $covers AND r.high = 0 THEN r.start_last END) AS absent,
    bool_or($covers AND r.high > 0) AS maybe, bool_or($covers AND NOT ($said)) AS hint,
    bool_or(r.low = 1 AND r.high = 1 AND r.end_last < $day) AS ended
  FROM $rows r$seats
  GROUP BY r.seat
),
$name AS (
  SELECT s.seat,
    CASE WHEN r.start IS NOT NULL THEN coalesce(r.present >= r.start, FALSE) WHEN r.maybe THEN TRUE WHEN r.ended THEN FALSE
      ELSE NOT ($whole) END AS can_hold,
    CASE WHEN r.start IS NOT NULL THEN coalesce(r.absent >= r.start, FALSE) ELSE TRUE END AS can_fail,
    coalesce(r.start IS NULL AND r.hint, FALSE) AS hinted
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat$complete
)
