-- the rows of $fact_name; where answers and record both speak of it, once more for each side
$name AS NOT MATERIALIZED (
  SELECT t.member * 4 AS seat, $columns
  FROM $table t
  WHERE t.fact = $fact AND $counted$sides
)
