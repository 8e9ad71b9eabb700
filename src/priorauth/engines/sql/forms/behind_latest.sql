SELECT r.seat, count(*) AS rows, arg_min(r.ref, {'days': $last - r.last, 'ref': r.ref}, $most) AS refs
  FROM $rows r$seats
  JOIN (SELECT r.seat, max(r.first) AS newest FROM $rows r$seats WHERE $sure GROUP BY r.seat) AS n ON n.seat = r.seat
  WHERE $can AND r.last >= n.newest
  GROUP BY r.seat
