-- for $fact_name one seat a member; where answers and record both speak of it, one more for each
$name AS NOT MATERIALIZED (
  SELECT seat, member, side$columns FROM seat
  UNION ALL
  SELECT seat, member, side$columns FROM side_seats WHERE fact = $fact
)
