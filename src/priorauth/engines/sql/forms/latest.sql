-- every row that may be the newest counts: one whose last day is not before the first day of the newest certain row
${name}_ends AS (
  SELECT r.seat,
    max(r.first) FILTER (WHERE $certain) AS newest,
    max(r.last) AS until,
    max(r.last) FILTER (WHERE $met) AS met,
    max(r.last) FILTER (WHERE $not_met) AS not_met,
    max(r.last) FILTER (WHERE $open) AS unclear,
    max(r.last) FILTER (WHERE r.first <> r.last) AS vague,
    max(r.last) FILTER (WHERE r.source <> 'answer') AS unanswered,
    max(r.first) FILTER (WHERE $certain AND r.source IN $record_sources) AS recorded
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
),
${name}_undated AS (
  SELECT DISTINCT r.seat
  FROM $rows r$seats
  WHERE $undated
),
${name}_newest AS (
  SELECT seat, newest, recorded,
    coalesce(met >= newest, FALSE) AS met,
    coalesce(not_met >= newest, FALSE) AS not_met,
    coalesce(unclear >= newest, FALSE) AS unclear,
    until = newest AND NOT coalesce(vague >= newest, FALSE) AS one_day,
    NOT coalesce(unanswered >= newest, FALSE) AS answered
  FROM ${name}_ends
  WHERE newest IS NOT NULL
),
-- answered results that turn the verdict of a coded result of the $reach days before
${name}_since AS (
  SELECT n.seat, n.met, n.recorded, min(r.first) AS since
  FROM ${name}_newest n JOIN $rows r ON r.seat = n.seat$seats
  WHERE n.answered AND n.met <> n.not_met AND NOT n.unclear AND n.recorded IS NOT NULL AND r.last >= n.newest AND $can
  GROUP BY n.seat, n.met, n.recorded
),
${name}_turned AS (
  SELECT DISTINCT n.seat
  FROM ${name}_since n JOIN $rows r ON r.seat = n.seat$seats
  WHERE r.source IN $record_sources AND $can AND r.last >= n.recorded
    AND r.first >= CAST(n.since - INTERVAL $reach DAY AS DATE)
    AND CASE WHEN n.met THEN $not_met ELSE $met END
),
$name AS (
  SELECT s.seat,
    CASE WHEN $lost OR n.seat IS NULL OR t.seat IS NOT NULL THEN TRUE ELSE n.met OR n.unclear END AS can_hold,
    CASE WHEN $lost OR n.seat IS NULL OR t.seat IS NOT NULL THEN TRUE ELSE n.not_met OR n.unclear END AS can_fail,
    coalesce(NOT ($lost) AND (t.seat IS NOT NULL OR (n.met AND n.not_met AND n.one_day)), FALSE) AS conflict,
    -- none on file of a record that is whole is not asked again
    coalesce(NOT ($lost) AND e.seat IS NULL AND u.seat IS NULL AND $whole, FALSE) AS failed,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_newest n ON n.seat = s.seat LEFT JOIN ${name}_turned t ON t.seat = s.seat
  LEFT JOIN ${name}_ends e ON e.seat = s.seat LEFT JOIN ${name}_undated u ON u.seat = s.seat$complete
)
