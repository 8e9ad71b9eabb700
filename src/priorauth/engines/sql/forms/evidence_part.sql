-- of a few leaves: how many rows each has, and the newest of them
$name AS (
  SELECT s.seat,
    $columns
  FROM seat s
  $joins
)
