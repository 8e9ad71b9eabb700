-- one seat a member, and the dates to count from
seat AS MATERIALIZED (
  SELECT m.member * 4 AS seat, m.member, 0 AS side, $columns
  FROM member m$anchors
)
