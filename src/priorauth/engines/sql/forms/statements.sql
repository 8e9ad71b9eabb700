-- all leaves that rest on the newest statement of a fact, at once. A leaf has four bits of a whole number:
-- 1 met, 2 not met, 4 unclear, 8 still pending. Sorted into: what each statement says
statement_rows AS NOT MATERIALIZED (
  SELECT member, CASE fact $topic END AS topic, source, text, first, last, minute, low, high
  FROM answer
  WHERE fact IN $facts AND CASE WHEN fact IN $judged THEN source = 'judgment' ELSE source <> $shown_source END
),
statements AS NOT MATERIALIZED (
  SELECT r.member, r.member * $topics + r.topic AS topic, r.source, r.first, r.last, r.minute,
    $words
  FROM statement_rows r$seats
),
-- what all statements of a member say together: where each bit stands alone, it does not matter which is the newest
statements_once AS MATERIALIZED (
  SELECT member, $once
  FROM statements
  GROUP BY member
),
-- the leaves of which they say different things, by all four bits
statements_differ AS MATERIALIZED (
  SELECT *
  FROM (SELECT member, $differ FROM statements_once) AS d
  WHERE $any_differ
),
statements_open AS MATERIALIZED (
  SELECT t.*
  FROM statements t JOIN statements_differ d ON d.member = t.member
  WHERE $is_open
),
-- of each fact of a member all statements (part 0 of 4), answers (1) and record (2) alone
statements_sides AS NOT MATERIALIZED (
  SELECT topic * 4 AS part, * FROM statements_open
  UNION ALL
  SELECT topic * 4 + CASE WHEN source = 'answer' THEN 1 ELSE 2 END AS part, *
  FROM statements_open
  WHERE source IN $told_sources
),
statements_times AS (
  SELECT part, count(*) = count(minute) AS timed, max(minute) AS newest, max(first) AS newest_day
  FROM statements_sides
  GROUP BY part
),
-- the newest statement counts: by the minute where all have one, else every one that may be the newest
statements_newest AS MATERIALIZED (
  SELECT t.part, $newest,
    min(t.first) = max(t.first) AND min(t.last) = max(t.last)
      AND (count(t.minute) = 0 OR (count(t.minute) = count(*) AND min(t.minute) = max(t.minute))) AS at_once
  FROM statements_sides t JOIN statements_times n ON n.part = t.part
  WHERE CASE WHEN n.timed THEN t.minute = n.newest ELSE t.last >= n.newest_day END
  GROUP BY t.part
),
-- told_: what the newest say; once_: two newest statements of one moment differ; sides_: answers and record differ
statements_settled AS (
  SELECT member, $settled
  FROM (
    SELECT part // (4 * $topics) AS member, $alone FROM statements_newest WHERE part % 4 = 0
    UNION ALL
    SELECT a.part // (4 * $topics) AS member, $sides
    FROM statements_newest a JOIN statements_newest r ON r.part = a.part + 1
    WHERE a.part % 4 = 1
  ) AS both_ways
  GROUP BY member
),
said AS (
  SELECT o.member, $said
  FROM statements_once o
  LEFT JOIN statements_differ d ON d.member = o.member
  LEFT JOIN statements_settled n ON n.member = o.member
)
