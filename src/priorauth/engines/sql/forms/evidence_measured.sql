'low': CASE WHEN $name.known THEN CAST($name.low AS DOUBLE) / $name.low_of END,
      'high': CASE WHEN $name.known THEN CAST($name.high AS DOUBLE) / $name.high_of END,
