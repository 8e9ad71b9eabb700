-- of all leaves, by the line of the policy
evidence AS (
  SELECT s.seat, {
    $entries
  } AS evidence
  FROM seat s
  $joins
)
