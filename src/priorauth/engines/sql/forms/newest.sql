-- the newest statement of $fact_name: by the minute where all have one, else every one that may be the newest
${name}_times AS NOT MATERIALIZED (
  SELECT seat, count(*) = count(minute) AS timed, max(minute) AS newest_minute, max(first) AS newest_first
  FROM $rows
  GROUP BY seat
),
$name AS NOT MATERIALIZED (
  SELECT r.seat, r.text, r.first, r.last, r.minute, r.low, r.high, r.ref
  FROM $rows r JOIN ${name}_times n ON n.seat = r.seat
  WHERE CASE WHEN n.timed THEN r.minute = n.newest_minute ELSE r.last >= n.newest_first END
)
