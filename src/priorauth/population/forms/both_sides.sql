  SELECT member, $fact AS fact
  FROM (
    SELECT member, source FROM $table WHERE fact = $fact AND source IN ('answer', 'record', 'ledger')$answered$whole
  ) AS told
  GROUP BY member
  HAVING bool_or(source = 'answer') AND bool_or(source <> 'answer')
