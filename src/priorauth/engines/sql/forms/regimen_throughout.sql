${name}_sides AS (
  SELECT l.member,
    $can AS can_hold,
    bool_or(NOT (l.in_record OR l.in_answers) OR $fail) AS can_fail,
    $answers_can AS answers_can,
    bool_or(NOT l.in_answers OR $answers_fail) AS answers_fail,
    $record_can AS record_can,
    bool_or(NOT l.in_record OR $record_fail) AS record_fail,
    min(CASE WHEN (l.in_record OR l.in_answers) AND NOT $fail THEN l.day END) AS begun,
    max(CASE WHEN NOT (l.in_record OR l.in_answers) OR $fail THEN l.until END) AS open_until,
    bool_or((NOT (l.in_record OR l.in_answers) OR $fail) AND l.spoken) AS doubtful
  FROM (
    SELECT *, coalesce(CAST(lead(day) OVER (PARTITION BY member ORDER BY day) - INTERVAL 1 DAY AS DATE), DATE '9999-12-31') AS until
    FROM ${name}_line
  ) AS l$days_of
  GROUP BY l.member
),
-- an answer that it began on a day: before it, nothing is said or something fails, from it on all is met: only time is missing
${name}_begun AS (
  SELECT DISTINCT p.member, p.start_first AS day
  FROM ${name}_line_periods p
  WHERE p.who = 'answers' AND p.start_first = p.start_last AND p.start_first <= p.end_first
    AND p.end_last = DATE '9999-12-31' AND $meets
),
$name AS (
  SELECT s.seat,
    CASE WHEN $lost OR $none OR r.member IS NULL THEN TRUE WHEN s.side = 0 THEN r.can_hold WHEN s.side = 1 THEN r.answers_can ELSE r.record_can END AS can_hold,
    CASE WHEN $lost THEN TRUE WHEN $none THEN FALSE WHEN r.member IS NULL THEN TRUE
      WHEN s.side = 0 THEN r.can_fail WHEN s.side = 1 THEN r.answers_fail ELSE r.record_fail END AS can_fail,
    CASE WHEN $moves AND NOT $none AND b.day IS NOT NULL AND (NOT r.can_hold OR b.day = r.begun AND NOT r.doubtful)
      THEN $filled END AS wait,
    $which AS lost
  FROM $all_seats s
  LEFT JOIN ${name}_sides r ON r.member = s.member
  LEFT JOIN ${name}_begun b ON b.member = s.member AND $eve = r.open_until
)
