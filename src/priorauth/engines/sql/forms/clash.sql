FROM $name a JOIN $name r ON r.seat = a.seat + 1
  WHERE a.seat % 4 = 1 AND a.can_hold <> a.can_fail AND r.can_hold <> r.can_fail AND a.can_hold <> r.can_hold
