SELECT member, fact FROM answered
  WHERE fact = $fact AND member IN (SELECT member FROM $table WHERE fact = $fact AND source IN $record_sources)
