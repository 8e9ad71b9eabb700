-- the newest statement of $fact_name: by the minute where all have one, else every one that may be the newest
$name AS NOT MATERIALIZED (
  SELECT seat, text, first, last, minute, low, high, ref
  FROM (
    SELECT *, count(*) OVER said AS statements, count(minute) OVER said AS timed,
      max(minute) OVER said AS newest_minute, max(first) OVER said AS newest_first
    FROM $rows
    WINDOW said AS (PARTITION BY seat)
  ) AS statements
  WHERE CASE WHEN timed = statements THEN minute = newest_minute ELSE last >= newest_first END
)
