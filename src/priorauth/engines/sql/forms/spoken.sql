-- the newest statement counts: by the minute where all have one, else every one that may be the newest
${name}_times AS (
  SELECT r.seat, count(*) = count(r.minute) AS timed, max(r.minute) AS newest, max(r.first) AS newest_day,
    max(CASE WHEN $met THEN r.minute END) AS met, max(CASE WHEN $met THEN r.last END) AS met_day,
    max(CASE WHEN $not_met THEN r.minute END) AS not_met, max(CASE WHEN $not_met THEN r.last END) AS not_met_day$more_times
  FROM $rows r$seats
  GROUP BY r.seat
),
${name}_said AS (
  SELECT seat, timed, newest, newest_day,
    coalesce(CASE WHEN timed THEN met = newest ELSE met_day >= newest_day END, FALSE) AS met,
    coalesce(CASE WHEN timed THEN not_met = newest ELSE not_met_day >= newest_day END, FALSE) AS not_met,
    $unclear_said AS unclear, $pending_said AS pending
  FROM ${name}_times
),
${name}_at_once AS (
  SELECT r.seat
  FROM ${name}_said n JOIN $rows r ON r.seat = n.seat
  WHERE n.met AND n.not_met AND CASE WHEN n.timed THEN r.minute = n.newest ELSE r.last >= n.newest_day END
  GROUP BY r.seat
  HAVING min(r.first) = max(r.first) AND min(r.last) = max(r.last)
    AND (count(r.minute) = 0 OR (count(r.minute) = count(*) AND min(r.minute) = max(r.minute)))
),
