-- where the date to count from is not known and there is no word on $fact_name, both are asked
$name AS (
  SELECT t.*, t.lost IS NOT NULL AND r.seat IS NULL AND w.seat IS NULL AS quiet
  FROM ${name}_told t
  LEFT JOIN (SELECT DISTINCT seat FROM $rows) AS r ON r.seat = t.seat
  LEFT JOIN (SELECT DISTINCT seat FROM complete WHERE fact = $fact) AS w ON w.seat = t.seat
)
