SELECT r.seat, count(*) AS rows, arg_min(r.ref, {'days': $last - $newest, 'ref': r.ref}, $most) AS refs
  FROM $rows r$seats
  WHERE $can
  GROUP BY r.seat
