  SELECT member, $fact AS fact
  FROM $table
  WHERE fact = $fact AND source IN $many
    AND member IN (SELECT member FROM $table WHERE fact = $fact AND source IN $few)
