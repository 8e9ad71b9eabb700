-- present on every day of the stretch; after a stated end it is absent, of the days before its start nothing is said
-- where every row covers the whole stretch and all say one thing, there is no more to it: the others are looked at day by day
${name}_plain AS MATERIALIZED (
  SELECT r.seat, min(r.low) AS low,
    bool_and(r.start_last <= $first AND r.end_first >= $last AND coalesce(r.low = r.high, FALSE)) AND min(r.low) = max(r.low) AS plain
  FROM $rows r JOIN $all_seats s ON s.seat = r.seat
  GROUP BY r.seat
),
${name}_others AS MATERIALIZED (
  SELECT r.seat, r.start_first, r.start_last, r.end_first, r.end_last, r.low, r.high
  FROM $rows r JOIN ${name}_plain p ON p.seat = r.seat
  WHERE NOT coalesce(p.plain, FALSE)
),
${name}_cuts AS (
  SELECT DISTINCT c.seat, c.day
  FROM (
    SELECT r.seat, $first AS day FROM ${name}_others r JOIN $all_seats s ON s.seat = r.seat
    UNION ALL
    SELECT seat, start_first FROM ${name}_others
    UNION ALL
    SELECT seat, start_last FROM ${name}_others
    UNION ALL
    SELECT seat, CAST(end_first + INTERVAL 1 DAY AS DATE) FROM ${name}_others WHERE end_first < DATE '9999-12-31'
    UNION ALL
    SELECT seat, CAST(end_last + INTERVAL 1 DAY AS DATE) FROM ${name}_others WHERE end_last < DATE '9999-12-31'
  ) AS c
  JOIN $all_seats s ON s.seat = c.seat
  WHERE c.day >= $first AND c.day <= $last
),
${name}_days AS (
  SELECT c.seat, c.day, p.start_last, p.end_last, p.low, p.high,
    p.start_first <= c.day AND c.day <= p.end_last AS may_cover,
    NOT (p.low = 0 AND p.high = 1) AS said,
    max(CASE WHEN NOT (p.low = 0 AND p.high = 1) AND p.start_last <= c.day AND c.day <= p.end_first THEN p.start_first END)
      OVER (PARTITION BY c.seat, c.day) AS start
  FROM ${name}_cuts c JOIN ${name}_others p ON p.seat = c.seat
),
${name}_states AS (
  SELECT seat, day,
    bool_or(start IS NOT NULL) AS certain,
    coalesce(bool_or(said AND may_cover AND start_last >= start AND low = 1), FALSE) AS present,
    coalesce(bool_or(said AND may_cover AND start_last >= start AND high = 0), FALSE) AS absent,
    bool_or(may_cover AND high > 0) AS maybe, bool_or(may_cover AND NOT said) AS hint,
    bool_or(low = 1 AND high = 1 AND end_last < day) AS ended, bool_or(may_cover) AS spoken,
    coalesce(CAST(lead(day) OVER (PARTITION BY seat ORDER BY day) - INTERVAL 1 DAY AS DATE), DATE '9999-12-31') AS until
  FROM ${name}_days
  GROUP BY seat, day
),
${name}_verdicts AS (
  SELECT d.seat, d.day, d.until, d.spoken, NOT d.certain AND d.hint AS hinted,
    CASE WHEN d.certain THEN d.present WHEN d.maybe THEN TRUE WHEN d.ended THEN FALSE ELSE NOT ($whole_part) END AS can_hold,
    CASE WHEN d.certain THEN d.absent ELSE TRUE END AS can_fail
  FROM ${name}_states d JOIN $all_seats s ON s.seat = d.seat$complete_part
),
${name}_stretches AS (
  SELECT d.seat, $can AS can_hold, bool_or(d.can_fail) AS can_fail,
    min(d.day) FILTER (WHERE d.can_hold AND d.can_fail) = min(d.day) FILTER (WHERE d.can_hold AND d.can_fail AND d.hinted) AS hinted,
    min(CASE WHEN NOT d.can_fail THEN d.day END) AS begun, max(CASE WHEN d.can_fail THEN d.until END) AS open_until,
    bool_or(d.can_fail AND d.spoken) AS doubtful
  FROM ${name}_verdicts d$days_of
  GROUP BY d.seat
  UNION ALL
  SELECT s.seat, p.low = 1 AS can_hold, p.low = 0 AS can_fail, FALSE AS hinted,
    CASE WHEN p.low = 1 THEN $first END AS begun, CASE WHEN p.low = 0 THEN DATE '9999-12-31' END AS open_until,
    p.low = 0 AS doubtful
  FROM ${name}_plain p JOIN $all_seats s ON s.seat = p.seat
  WHERE p.plain
),
-- an answer that it began on a day: before it, nothing is said or something fails, from it on all is met: only time is missing
${name}_begun AS (
  SELECT DISTINCT seat, start_first AS day
  FROM $rows
  WHERE source = 'answer' AND start_first = start_last AND start_first <= end_first
    AND end_last = DATE '9999-12-31' AND low = 1 AND high = 1
),
$name AS (
  SELECT s.seat,
    CASE WHEN $lost OR $none THEN TRUE WHEN r.seat IS NOT NULL THEN r.can_hold ELSE NOT ($whole) END AS can_hold,
    CASE WHEN $lost THEN TRUE WHEN $none THEN FALSE WHEN r.seat IS NOT NULL THEN r.can_fail ELSE TRUE END AS can_fail,
    coalesce(NOT ($lost OR $none) AND r.can_hold AND r.can_fail AND r.hinted, FALSE) AS hinted,
    CASE WHEN $moves AND NOT $none AND b.day IS NOT NULL AND (NOT r.can_hold OR b.day = r.begun AND NOT r.doubtful)
      THEN $filled END AS wait,
    $which AS lost
  FROM $all_seats s
  LEFT JOIN ${name}_stretches r ON r.seat = s.seat
  LEFT JOIN ${name}_begun b ON b.seat = s.seat AND $eve = r.open_until$complete
)
