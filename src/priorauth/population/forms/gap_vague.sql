-- where a row is known only by its month or year: can all lie so that no stretch is too wide?
${name}_vague AS (
  SELECT seat, $loose AS best, $strict AS best_strict
  FROM (
    SELECT r.seat, $start AS opens, $end AS ends,
      list_sort(list($span)) AS spans
    FROM $rows r JOIN seat s ON s.seat = r.seat
    WHERE $can AND r.seat IN (SELECT r.seat FROM $rows r$seats WHERE $can AND r.first <> r.last)
    GROUP BY ALL
  ) AS vague
),
