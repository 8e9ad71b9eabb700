  SELECT member, $fact AS fact
  FROM $table
  WHERE fact = $fact AND source IN ('record', 'ledger')
    AND member IN (SELECT member FROM $table WHERE fact = $fact AND source = 'answer')
