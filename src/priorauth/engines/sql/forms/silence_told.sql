-- nobody documents $fact_name where it is absent: no word on it settles it; here are those alone of whom there is a word
$name AS (
  SELECT s.seat, coalesce(t.can_hold, TRUE) AS can_hold, coalesce(t.can_fail, TRUE) AS can_fail, FALSE AS assumed$carried
  FROM (
    SELECT seat FROM $rows
    UNION
    SELECT seat FROM complete WHERE fact = $fact$hints
  ) AS s
  LEFT JOIN ${name}_told t ON t.seat = s.seat
)
