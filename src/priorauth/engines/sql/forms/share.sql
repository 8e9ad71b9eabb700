${name}_rows AS (
  SELECT r.seat,
    count(*) AS possible,
    count(*) FILTER (WHERE $certain) AS readings,
    count(*) FILTER (WHERE $certain AND $met) AS above,
    count(*) FILTER (WHERE $certain AND $not_met) AS below,
    count(*) FILTER (WHERE $maybe AND $above_can) AS maybe_above,
    count(*) FILTER (WHERE $maybe AND $above_fail) AS maybe_below
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
),
${name}_undated AS (
  SELECT DISTINCT r.seat
  FROM $rows r$seats
  WHERE $undated
),
${name}_measure AS (
  SELECT s.seat, coalesce(NOT ($lost) AND r.readings >= $least, FALSE) AS known,
    100 * r.above AS low, r.readings + r.maybe_below AS low_of,
    100 * (r.readings - r.below + r.maybe_above) AS high, r.readings + r.maybe_above AS high_of,
    -- too few on file of a record that is whole are not asked again
    coalesce(NOT ($lost) AND coalesce(r.possible, 0) < $least AND u.seat IS NULL AND $whole, FALSE) AS failed,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat LEFT JOIN ${name}_undated u ON u.seat = s.seat$complete
)
