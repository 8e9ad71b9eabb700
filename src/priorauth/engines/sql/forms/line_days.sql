${name}_holds AS MATERIALIZED (
  SELECT s.member, l.day AS first,
    coalesce(CAST(lead(l.day) OVER (PARTITION BY l.member ORDER BY l.day) - INTERVAL 1 DAY AS DATE), $last) AS last,
    CASE WHEN l.in_record OR l.in_answers THEN $can ELSE TRUE END AS can_hold,
    CASE WHEN l.in_record OR l.in_answers THEN $fail ELSE TRUE END AS can_fail
  FROM $name l JOIN seat s ON s.member = l.member
)
