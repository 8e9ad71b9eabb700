
  UNION ALL
  SELECT t.member * 4 + CASE WHEN t.source = 'answer' THEN 1 ELSE 2 END AS seat, $columns
  FROM $table t JOIN both_sides b ON b.member = t.member AND b.fact = $of
  WHERE t.fact = $fact AND t.source IN $told_sources$heard
