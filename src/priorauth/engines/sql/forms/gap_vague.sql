-- where a row is known only by its month or year: can all lie so that no stretch is too wide? Each step takes the row that
-- must come first of those in reach, as late as it can be; held are the day reached and the rows not yet taken
${name}_vague AS (
  SELECT seat, $loose AS best, $strict AS best_strict
  FROM (
    SELECT seat, ends, spans, {'at': opens, 'spans': spans} AS start
    FROM (
      SELECT seat, opens, ends,
        list_transform(list_sort(spans), lambda span, place: {'last': span.last, 'first': span.first, 'place': place}) AS spans
      FROM (
        SELECT r.seat, $opens AS opens, $ends AS ends, list({'last': r.last, 'first': r.first}) AS spans
        FROM $rows r JOIN $all_seats s ON s.seat = r.seat
        WHERE $can AND r.seat IN (SELECT r.seat FROM $rows r$seats WHERE $can AND r.first <> r.last)
        GROUP BY r.seat, $opens, $ends
      ) AS gathered
    ) AS sorted
  ) AS vague
),
