-- by day; all rows dated to more than a day stand together, without one
${name}_days AS (
  SELECT seat, day, bool_or(certain) AS certain, count(*) AS found
  FROM (
    SELECT r.seat, CASE WHEN r.first = r.last THEN r.first END AS day, $certain AS certain
    FROM $rows r$seats
    WHERE $can
  ) AS dated
  GROUP BY seat, day
),
${name}_rows AS (
  SELECT seat,
    count(day) FILTER (WHERE certain) AS sure,
    count(day) + CAST(coalesce(sum(found) FILTER (WHERE day IS NULL), 0) AS BIGINT) AS possible,
    bool_or(day IS NULL AND certain) AS vague
  FROM ${name}_days
  GROUP BY seat
),
-- the fewest days on which rows dated to a month or a year can have been: one day serves every row it lies in
${name}_vague AS (
  SELECT r.seat, $fewest AS sure
  FROM $rows r JOIN (SELECT seat FROM ${name}_rows WHERE vague) v ON v.seat = r.seat$seats
  WHERE $sure
  GROUP BY r.seat
),
${name}_measure AS (
  SELECT s.seat, NOT ($lost)$known AS known,
    $scale coalesce(v.sure, r.sure, 0) AS low, $of AS low_of,
    $scale CASE WHEN $whole THEN least(coalesce(r.possible, 0), $days) ELSE $days END AS high, $of AS high_of,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat LEFT JOIN ${name}_vague v ON v.seat = s.seat$complete
)
