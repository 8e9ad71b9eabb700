  SELECT member, fact
  FROM $table
  WHERE fact IN $facts
  GROUP BY member, fact
  HAVING bool_or(source = 'answer') AND bool_or(source IN ('record', 'ledger'))
