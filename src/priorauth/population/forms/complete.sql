-- the stretches over which the record of a fact is known to be complete; a person's word closes both sides together
complete_parts AS (
  SELECT t.member * 4 AS seat, t.fact, t.first, t.last
  FROM whole t
  WHERE t.fact IN $facts AND t.source <> 'shown'$sides
),
complete AS MATERIALIZED (
  SELECT seat, fact, min(first) AS first, max(last) AS last
  FROM (
    SELECT seat, fact, first, last, sum(starts) OVER (PARTITION BY seat, fact ORDER BY first, last ROWS UNBOUNDED PRECEDING) AS stretch
    FROM (
      SELECT seat, fact, first, last,
        CASE WHEN first <= CAST(max(last) OVER (
          PARTITION BY seat, fact ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) + INTERVAL 1 DAY AS DATE) THEN 0 ELSE 1 END AS starts
      FROM complete_parts
    ) AS parts
  ) AS stretches
  GROUP BY seat, fact, stretch
)
