  SELECT r.seat, $place AS place, count(*) AS rows, list(r.ref ORDER BY $newest DESC, r.ref)[1:$most] AS refs
  FROM $rows r$seats
  WHERE r.seat % 4 = 0 AND $can
  GROUP BY r.seat
