-- for $fact_name one seat a member; where answers and record both speak of it, one more for each (1 answers, 2 record)
$name AS NOT MATERIALIZED (
  SELECT * FROM seat
  UNION ALL
  SELECT s.seat + v.side AS seat, s.member, v.side AS side$columns
  FROM both_sides b
  JOIN seat s ON s.member = b.member
  CROSS JOIN (SELECT 1 AS side UNION ALL SELECT 2 AS side) AS v
  WHERE b.fact = $fact
)
