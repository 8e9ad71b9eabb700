-- the stretches over which the record of a fact is known to be complete; a person's word closes both sides together
complete_parts AS MATERIALIZED (
  SELECT t.member * 4 AS seat, t.fact, t.first, t.last
  FROM whole t
  WHERE t.fact IN $facts AND t.source <> $shown_source$sides
),
complete_once AS MATERIALIZED (
  SELECT seat, fact, min(first) AS first, max(last) AS last,
    max(date_diff('day', first, last)) = date_diff('day', min(first), max(last)) AS in_one
  FROM complete_parts
  GROUP BY seat, fact
),
complete AS MATERIALIZED (
  SELECT seat, fact, first, last
  FROM complete_once
  WHERE in_one
  UNION ALL
  SELECT seat, fact, min(first) AS first, max(last) AS last
  FROM (
    SELECT seat, fact, first, last, sum(starts) OVER (PARTITION BY seat, fact ORDER BY first, last ROWS UNBOUNDED PRECEDING) AS stretch
    FROM (
      SELECT p.seat, p.fact, p.first, p.last,
        CASE WHEN p.first <= CAST(max(p.last) OVER (
          PARTITION BY p.seat, p.fact ORDER BY p.first, p.last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) + INTERVAL 1 DAY AS DATE) THEN 0 ELSE 1 END AS starts
      FROM complete_parts p JOIN complete_once o ON o.seat = p.seat AND o.fact = p.fact
      WHERE NOT o.in_one
    ) AS parts
  ) AS stretches
  GROUP BY seat, fact, stretch
)
