-- the truths of leaves, each one bit of a whole number
bits AS (
  SELECT seat, $gathered
  FROM (
  $union
  ) AS truths
  WHERE $some
  GROUP BY seat
)
