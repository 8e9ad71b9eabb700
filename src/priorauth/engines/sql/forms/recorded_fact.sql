SELECT t.member, $fact AS fact
  FROM (
    SELECT DISTINCT t.member
    FROM $table t JOIN answered a ON a.member = t.member
    WHERE t.fact = $fact AND a.fact = $fact AND t.source IN $record_sources
  ) AS t
