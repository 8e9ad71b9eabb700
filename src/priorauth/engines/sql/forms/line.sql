-- what is known of $fact_name on each day: per source the latest start counts, what may have begun later widens it
${name}_periods AS (
  SELECT member, CASE WHEN source = 'answer' THEN 'answers' ELSE 'record' END AS who, start_first, start_last, end_first, end_last, low, high
  FROM period
  WHERE fact = $fact AND source IN $told_sources
),
${name}_cuts AS MATERIALIZED (
  SELECT DISTINCT c.member, c.day
  FROM (
    SELECT s.member, $first AS day FROM seat s JOIN (SELECT DISTINCT member FROM ${name}_periods) AS p ON p.member = s.member WHERE s.side = 0
    UNION ALL
    SELECT member, start_first FROM ${name}_periods
    UNION ALL
    SELECT member, start_last FROM ${name}_periods
    UNION ALL
    SELECT member, CAST(end_first + INTERVAL 1 DAY AS DATE) FROM ${name}_periods WHERE end_first < DATE '9999-12-31'
    UNION ALL
    SELECT member, CAST(end_last + INTERVAL 1 DAY AS DATE) FROM ${name}_periods WHERE end_last < DATE '9999-12-31'
  ) AS c
  JOIN seat s ON s.member = c.member
  WHERE c.day >= $first AND c.day <= $last
),
${name}_days AS MATERIALIZED (
  SELECT c.member, c.day, p.who, p.start_last, p.low, p.high,
    CASE WHEN p.start_last <= c.day AND c.day <= p.end_first THEN p.start_first END AS start
  FROM ${name}_cuts c JOIN ${name}_periods p ON p.member = c.member AND p.start_first <= c.day AND c.day <= p.end_last
),
${name}_starts AS (
  SELECT member, day, who, max(start) AS start
  FROM ${name}_days
  GROUP BY member, day, who
),
${name}_ruling AS (
  SELECT member, day, who, bool_or(start IS NOT NULL) AS known,
    CASE WHEN bool_and(low IS NOT NULL) FILTER (WHERE rules) THEN min(low) FILTER (WHERE rules) END AS low,
    CASE WHEN bool_and(high IS NOT NULL) FILTER (WHERE rules) THEN max(high) FILTER (WHERE rules) END AS high
  FROM (
    SELECT d.member, d.day, d.who, d.low, d.high, n.start, coalesce(d.start_last >= n.start, FALSE) AS rules
    FROM ${name}_days d JOIN ${name}_starts n ON n.member = d.member AND n.day = d.day AND n.who = d.who
  ) AS days
  GROUP BY member, day, who
),
${name} AS MATERIALIZED (
  SELECT c.member, c.day, coalesce(r.known, FALSE) AS in_record, coalesce(a.known, FALSE) AS in_answers,
    r.member IS NOT NULL OR a.member IS NOT NULL AS spoken,
    r.low AS record_low, r.high AS record_high, a.low AS answers_low, a.high AS answers_high,
    CASE
      WHEN NOT coalesce(a.known, FALSE) THEN r.low
      WHEN NOT coalesce(r.known, FALSE) THEN a.low
      WHEN coalesce(greatest(r.low, a.low) <= least(r.high, a.high), TRUE) THEN greatest(r.low, a.low)
      WHEN r.low IS NOT NULL AND a.low IS NOT NULL THEN least(r.low, a.low)
    END AS low,
    CASE
      WHEN NOT coalesce(a.known, FALSE) THEN r.high
      WHEN NOT coalesce(r.known, FALSE) THEN a.high
      WHEN coalesce(greatest(r.low, a.low) <= least(r.high, a.high), TRUE) THEN least(r.high, a.high)
      WHEN r.high IS NOT NULL AND a.high IS NOT NULL THEN greatest(r.high, a.high)
    END AS high
  FROM ${name}_cuts c
  LEFT JOIN ${name}_ruling r ON r.member = c.member AND r.day = c.day AND r.who = 'record'
  LEFT JOIN ${name}_ruling a ON a.member = c.member AND a.day = c.day AND a.who = 'answers'
)
