-- the latest start of $fact_name
$name AS (
  SELECT member, start_first AS first, start_last AS last
  FROM (
    SELECT member, start_first, start_last,
      row_number() OVER (PARTITION BY member ORDER BY start_last DESC, start_first DESC) AS place
    FROM period
    WHERE fact = $fact AND source <> $shown_source AND low = 1$ongoing
  ) AS starts
  WHERE place = 1
)
