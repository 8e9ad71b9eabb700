SELECT t.member, t.fact
  FROM $table t JOIN answered a ON a.member = t.member AND a.fact = t.fact
  WHERE t.fact IN $facts AND t.source IN $record_sources
