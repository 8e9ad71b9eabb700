-- of whom answers and record both speak of a fact
both_sides AS MATERIALIZED (
  SELECT DISTINCT member, fact
  FROM (
  $recorded
  ) AS recorded
)
