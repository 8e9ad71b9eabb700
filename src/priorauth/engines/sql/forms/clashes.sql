-- the leaves that answers (side 1) settle one way and the record (side 2) the other, each one bit of a whole number
clashes AS (
  SELECT seat, $columns
  FROM (
    SELECT seat, $gathered
    FROM (
  $union
    ) AS sides
    GROUP BY seat
  ) AS settled
)
