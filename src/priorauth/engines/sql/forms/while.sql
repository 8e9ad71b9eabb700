-- rows with what is known of $fact_name on their days
$name AS MATERIALIZED (
  SELECT $columns,
    coalesce(bool_or(l.can_hold), TRUE) AS during_can,
    coalesce(bool_or(l.can_fail), TRUE) AS during_fail
  FROM (SELECT *, row_number() OVER (ORDER BY seat) AS place FROM $rows) AS r
  LEFT JOIN $line l ON l.member = r.seat // 4 AND l.first <= r.last AND l.last >= r.first
  GROUP BY r.place, $columns
)
