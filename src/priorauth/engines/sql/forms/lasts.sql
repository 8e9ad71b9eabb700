${name}_runs AS (
  SELECT r.seat, NOT (r.low = 0 AND r.high = 0) AS ran, r.low = 0 AND r.high = 1 AS hinted,
    $long_last <= s.as_of AND r.end_first >= $long_last AS long_enough,
    r.end_last < $long_first AS too_short,
    r.end_last = DATE '9999-12-31' AND $long_last > s.as_of AND r.start_first = r.start_last AS running,
    $long_last AS can_hold_on
  FROM $rows r JOIN $all_seats s ON s.seat = r.seat
),
${name}_seen AS (
  SELECT seat, bool_or(ran) AS ran,
    coalesce(bool_or(NOT hinted AND long_enough) FILTER (WHERE ran), FALSE) AS met,
    coalesce(bool_or(hinted OR (NOT long_enough AND NOT too_short)) FILTER (WHERE ran), FALSE) AS unclear,
    min(can_hold_on) FILTER (WHERE ran AND NOT hinted AND NOT long_enough AND NOT too_short AND running) AS wait
  FROM ${name}_runs
  GROUP BY seat
),
$name AS (
  SELECT s.seat,
    CASE WHEN r.seat IS NULL THEN TRUE ELSE r.met OR r.unclear END AS can_hold,
    CASE WHEN r.seat IS NULL THEN TRUE ELSE NOT r.met END AS can_fail,
    CASE WHEN NOT r.met THEN r.wait END AS wait
  FROM $all_seats s LEFT JOIN ${name}_seen r ON r.seat = s.seat
)
