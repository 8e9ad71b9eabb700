"""Members of a population's Parquet read back as cases, for the engines that decide one by one."""

from __future__ import annotations

from pathlib import Path

from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.population import duck, tables

SHAPES = {"measurement": Measurement, "event": Event, "period": Period, "answer": Answer, "whole": Whole}


def cases(folder: Path, most: int) -> list[Case]:
    """Read the first members, in the order of their numbers."""
    connection = duck.connect()
    duck.over(connection, folder, tables.buckets(folder))
    listed = connection.execute(f"SELECT member, as_of FROM member ORDER BY member LIMIT {most}").fetchall()
    found: dict[int, list[Row]] = {member: [] for member, _ in listed}
    for name, shape in SHAPES.items():
        text = f"SELECT * FROM {name} WHERE member <= {listed[-1][0]} ORDER BY fact, member, ref"
        for row in connection.sql(text).to_arrow_table().to_pylist():
            member = row.pop("member")
            plain = {key: value.toordinal() if hasattr(value, "toordinal") else value for key, value in row.items()}
            found[member].append(shape(**plain | {"source": Source(plain["source"])}))
    return [Case(as_of.toordinal(), by_fact(found[member])) for member, as_of in listed]
