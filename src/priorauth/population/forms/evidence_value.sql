  SELECT seat, $place AS place, CAST(low AS DOUBLE) / low_of AS low, CAST(high AS DOUBLE) / high_of AS high
  FROM $name
  WHERE known
