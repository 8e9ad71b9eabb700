SELECT seat // 4 * 4 AS seat, seat % 4 AS side$columns FROM $name WHERE seat % 4 <> 0 AND can_hold <> can_fail
