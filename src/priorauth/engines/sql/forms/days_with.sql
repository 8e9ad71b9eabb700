${name}_rows AS (
  SELECT r.seat,
    count(DISTINCT CASE WHEN r.first = r.last AND $certain THEN r.first END) AS sure,
    count(DISTINCT CASE WHEN r.first = r.last THEN r.first END)
      + count(*) FILTER (WHERE r.first <> r.last) AS possible,
    bool_or(r.first <> r.last AND $certain) AS vague
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
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
