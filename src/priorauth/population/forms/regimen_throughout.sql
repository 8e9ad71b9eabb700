${name}_sides AS (
  SELECT l.member,
    bool_and(NOT (l.in_record OR l.in_answers) OR $can) AS can_hold,
    bool_or(NOT (l.in_record OR l.in_answers) OR $fail) AS can_fail,
    bool_and(NOT l.in_answers OR $answers_can) AS answers_can,
    bool_or(NOT l.in_answers OR $answers_fail) AS answers_fail,
    bool_and(NOT l.in_record OR $record_can) AS record_can,
    bool_or(NOT l.in_record OR $record_fail) AS record_fail
  FROM ${name}_line l
  GROUP BY l.member
),
$name AS (
  SELECT s.seat,
    CASE WHEN $lost OR $none OR r.member IS NULL THEN TRUE WHEN s.side = 0 THEN r.can_hold WHEN s.side = 1 THEN r.answers_can ELSE r.record_can END AS can_hold,
    CASE WHEN $lost THEN TRUE WHEN $none THEN FALSE WHEN r.member IS NULL THEN TRUE
      WHEN s.side = 0 THEN r.can_fail WHEN s.side = 1 THEN r.answers_fail ELSE r.record_fail END AS can_fail,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_sides r ON r.member = s.member
)
