SELECT a.member, a.fact
  FROM $table t JOIN answered a ON a.member = t.member
  WHERE t.fact = $fact AND a.fact = $fact AND t.source IN $record_sources
