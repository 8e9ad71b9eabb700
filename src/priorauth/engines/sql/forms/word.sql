-- a clinician's word on a criterion by name
words AS MATERIALIZED (
  SELECT member, fact, bool_or(text = 'yes') AS yes, bool_or(text <> 'yes') AS no
  FROM (
    SELECT *, count(*) OVER said AS statements, count(minute) OVER said AS timed,
      max(minute) OVER said AS newest_minute, max(first) OVER said AS newest_first
    FROM answer
    WHERE source = 'judgment' AND fact IN $facts
    WINDOW said AS (PARTITION BY member, fact)
  ) AS statements
  WHERE CASE WHEN timed = statements THEN minute = newest_minute ELSE last >= newest_first END
  GROUP BY member, fact
)
