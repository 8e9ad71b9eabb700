-- the one paper of its kind: a stated date that overlaps none of the paper's own is a conflict
${name}_papers AS (
  SELECT seat, low, high FROM $rows WHERE source IN $record_sources AND low IS NOT NULL AND high IS NOT NULL
),
${name}_stated AS (
  SELECT r.seat, r.low, bool_or(r.low <= p.high AND p.low <= r.high) AS agrees
  FROM $rows r JOIN ${name}_papers p ON p.seat = r.seat
  WHERE r.source = 'answer' AND r.low IS NOT NULL AND r.high IS NOT NULL
  GROUP BY r.seat, r.low, r.high
),
${name}_apart AS (
  SELECT seat, bool_or(NOT agrees) AS apart FROM ${name}_stated GROUP BY seat
),
${name}_rows AS (
  SELECT r.seat, bool_or($good) AS good
  FROM $rows r$seats
  GROUP BY r.seat
),
$name AS (
  SELECT s.seat, TRUE AS can_hold, $lost OR NOT coalesce(r.good, FALSE) OR coalesce(a.apart, FALSE) AS can_fail,
    NOT $lost AND coalesce(a.apart, FALSE) AS conflict, $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat LEFT JOIN ${name}_apart a ON a.seat = s.seat
)
