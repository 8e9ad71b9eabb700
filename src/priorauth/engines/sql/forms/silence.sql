-- nobody documents $fact_name where it is absent: no word on it settles it
${name}_quiet AS (
  SELECT s.seat, r.seat IS NULL AND w.seat IS NULL$unhinted AS quiet
  FROM $all_seats s
  LEFT JOIN (SELECT DISTINCT seat FROM $rows) AS r ON r.seat = s.seat
  LEFT JOIN (SELECT DISTINCT seat FROM complete WHERE fact = $fact) AS w ON w.seat = s.seat$hints
),
$name AS (
  SELECT s.seat,
    CASE WHEN s.quiet AND coalesce(t.can_hold AND t.can_fail, TRUE) THEN $can ELSE coalesce(t.can_hold, TRUE) END AS can_hold,
    CASE WHEN s.quiet AND coalesce(t.can_hold AND t.can_fail, TRUE) THEN $fail ELSE coalesce(t.can_fail, TRUE) END AS can_fail,
    s.quiet AND coalesce(t.can_hold AND t.can_fail, TRUE) AS assumed$carried
  FROM ${name}_quiet s LEFT JOIN ${name}_told t ON t.seat = s.seat
)
