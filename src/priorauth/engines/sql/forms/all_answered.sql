-- of whom answers speak of a fact
answered AS MATERIALIZED (
  $parts
)
