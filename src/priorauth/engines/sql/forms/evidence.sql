-- of each leaf, by the line of the policy: how many rows it has, and the newest of them
evidence AS (
  SELECT s.seat, {
    $entries
  } AS evidence
  FROM seat s
  $joins
)
