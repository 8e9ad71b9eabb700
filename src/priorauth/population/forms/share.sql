${name}_rows AS (
  SELECT r.seat,
    count(*) FILTER (WHERE $certain) AS readings,
    count(*) FILTER (WHERE $certain AND $met) AS above,
    count(*) FILTER (WHERE $certain AND $not_met) AS below,
    count(*) FILTER (WHERE $maybe AND $above_can) AS maybe_above,
    count(*) FILTER (WHERE $maybe AND $above_fail) AS maybe_below
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
),
${name}_measure AS (
  SELECT s.seat, coalesce(NOT ($lost) AND r.readings >= $least, FALSE) AS known,
    100 * r.above AS low, r.readings + r.maybe_below AS low_of,
    100 * (r.readings - r.below + r.maybe_above) AS high, r.readings + r.maybe_above AS high_of,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat
)
