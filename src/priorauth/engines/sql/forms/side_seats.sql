-- where answers and record both speak of a fact, a seat for each (1 answers, 2 record)
side_seats AS MATERIALIZED (
  SELECT b.fact, s.seat + v.side AS seat, s.member, v.side AS side$columns
  FROM both_sides b
  JOIN seat s ON s.member = b.member
  CROSS JOIN (SELECT 1 AS side UNION ALL SELECT 2 AS side) AS v
)
