-- nobody documents $fact_name where it is absent: no word on it settles it
$name AS (
  SELECT t.seat,
    CASE WHEN r.seat IS NULL AND w.seat IS NULL$unhinted AND t.can_hold AND t.can_fail THEN $can ELSE t.can_hold END AS can_hold,
    CASE WHEN r.seat IS NULL AND w.seat IS NULL$unhinted AND t.can_hold AND t.can_fail THEN $fail ELSE t.can_fail END AS can_fail,
    r.seat IS NULL AND w.seat IS NULL$unhinted AND t.can_hold AND t.can_fail AS assumed$carried
  FROM ${name}_told t
  LEFT JOIN (SELECT DISTINCT seat FROM $rows) AS r ON r.seat = t.seat
  LEFT JOIN (SELECT DISTINCT seat FROM complete WHERE fact = $fact) AS w ON w.seat = t.seat$hints
)
