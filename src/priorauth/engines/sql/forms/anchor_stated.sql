-- the day that the newest statement of $fact_name gives, as a span where it is known in part
${name}_rows AS NOT MATERIALIZED (
  SELECT t.member AS seat, $columns FROM answer t WHERE t.fact = $fact AND t.source <> $shown_source
),
$newest,
$name AS (
  SELECT seat AS member,
    CASE WHEN bool_and(low IS NOT NULL AND high IS NOT NULL) THEN $first END AS first,
    CASE WHEN bool_and(low IS NOT NULL AND high IS NOT NULL) THEN $last END AS last
  FROM ${name}_newest
  GROUP BY seat
)
