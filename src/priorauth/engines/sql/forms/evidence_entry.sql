CASE WHEN $rows.seat IS NOT NULL THEN {$measured'rows': $rows.rows, 'refs': $rows.refs} END
