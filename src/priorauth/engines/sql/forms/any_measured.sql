-- a result that is in the window for certain and fails is not asked again; of one that passes only what was drawn with it
${name}_rows AS (
  SELECT r.seat,
    bool_or($can AND $certain) AS met,
    bool_or($can) AS possible,
    bool_or($inside AND NOT ($can)) AS failed,
    bool_or($can AND $alone) AS passed,
    bool_or($undated) AS undated
  FROM $rows r$seats
  GROUP BY r.seat
),
$name AS (
  SELECT s.seat,
    $lost OR coalesce(r.possible, FALSE) OR NOT ($whole) AS can_hold,
    $lost OR NOT coalesce(r.met, FALSE) AS can_fail,
    coalesce(NOT ($lost) AND r.failed AND NOT r.possible AND NOT r.undated AND NOT ($whole), FALSE) AS failed,
    coalesce(NOT ($lost) AND r.passed AND NOT r.met, FALSE) AS passed,
    $which AS lost
  FROM $all_seats s LEFT JOIN ${name}_rows r ON r.seat = s.seat$complete
)
