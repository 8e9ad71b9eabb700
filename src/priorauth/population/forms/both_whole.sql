  SELECT w.member, w.fact
  FROM whole w
  JOIN (SELECT DISTINCT member, fact FROM $table WHERE fact IN $facts AND source = 'answer') AS a
    ON a.member = w.member AND a.fact = w.fact
  WHERE w.source IN ('record', 'ledger')
