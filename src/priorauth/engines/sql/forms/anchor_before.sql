-- the last $fact_name before the request
$name AS (
  SELECT member, first, last
  FROM (
    SELECT e.member, e.first, e.last, row_number() OVER (PARTITION BY e.member ORDER BY e.last DESC, e.first DESC) AS place
    FROM event e JOIN member s ON s.member = e.member
    WHERE e.fact = $fact AND e.source <> $shown_source AND e.last < $today
      AND NOT (e.first = DATE '0001-01-01' AND e.last = DATE '9999-12-31')
  ) AS days
  WHERE place = 1
)
