-- the stretches from edge to edge of the window: as wide as rows on file allow, and as narrow as all that may count do
${name}_edges AS (
  SELECT s.seat, 0 AS place, greatest($from_day, $before_birth) AS first, greatest($from_day, $before_birth) AS last, TRUE AS sure
  FROM $all_seats s
  UNION ALL
  SELECT s.seat, 2 AS place, $to_day AS first, $to_day AS last, TRUE AS sure FROM $all_seats s
  UNION ALL
  SELECT r.seat, 1 AS place, r.first, r.last, $sure AS sure FROM $rows r$seats WHERE $can
),
${name}_steps AS (
  SELECT seat, TRUE AS widest, first AS one, greatest(first, min(last) OVER (
    PARTITION BY seat ORDER BY place, first, last ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
  )) AS two, place
  FROM ${name}_edges WHERE sure
  UNION ALL
  SELECT seat, FALSE AS widest, max(first) OVER (PARTITION BY seat ORDER BY place, first ROWS UNBOUNDED PRECEDING) AS one,
    lead(first) OVER (PARTITION BY seat ORDER BY place, first) AS two, place
  FROM ${name}_edges
),
${name}_close AS (
  SELECT seat,
    bool_and(one >= $back) FILTER (WHERE widest) AS sure,
    bool_and(one > $back) FILTER (WHERE widest) AS sure_strict,
    bool_and(one >= $back) FILTER (WHERE NOT widest) AS best,
    bool_and(one > $back) FILTER (WHERE NOT widest) AS best_strict
  FROM ${name}_steps
  WHERE place < 2
  GROUP BY seat
),
$vague$name AS (
  SELECT s.seat,
    CASE WHEN $lost THEN TRUE ELSE $verdict_can END AS can_hold,
    CASE WHEN $lost THEN TRUE ELSE $verdict_fail END AS can_fail,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_close g ON g.seat = s.seat LEFT JOIN ${name}_vague v ON v.seat = s.seat$complete
)
