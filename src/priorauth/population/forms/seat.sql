-- one seat a member; where answers and record both speak of a fact, one more for each side alone (1 answers, 2 record)
seat AS MATERIALIZED (
  SELECT m.member * 4 + v.side AS seat, m.member, v.side, $columns
  FROM (
    SELECT member, 0 AS side FROM member$sides
  ) AS v
  JOIN member m ON m.member = v.member$anchors
)
