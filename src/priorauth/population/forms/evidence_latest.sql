  SELECT r.seat, $place AS place, count(*) AS rows, list(r.ref ORDER BY r.last DESC, r.ref)[1:$most] AS refs
  FROM $rows r$seats
  JOIN (SELECT r.seat, max(r.first) AS newest FROM $rows r$seats WHERE $sure GROUP BY r.seat) AS n ON n.seat = r.seat
  WHERE r.seat % 4 = 0 AND $can AND r.last >= n.newest
  GROUP BY r.seat
