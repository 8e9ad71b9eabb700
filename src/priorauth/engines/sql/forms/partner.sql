-- rows with what is known of a result of $fact_name of the same draw: one specimen, else one minute, else one day
${name} AS MATERIALIZED (
  SELECT $columns,
    coalesce(bool_or($can), TRUE) AS partner_can,
    coalesce(bool_and($fail), TRUE) AS partner_fail
  FROM $rows r
  LEFT JOIN $partners p ON p.seat = r.seat AND $dated AND CASE
      WHEN r.specimen <> '' AND p.specimen <> '' THEN r.specimen = p.specimen
      WHEN r.minute IS NOT NULL AND p.minute IS NOT NULL THEN r.minute = p.minute
      ELSE r.first = r.last AND p.first = r.first AND p.last = r.first
    END
  GROUP BY $columns
)
