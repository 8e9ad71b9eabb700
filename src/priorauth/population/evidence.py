"""The rows that each leaf rests on, and what it measured: a second stage, for those who read a result line by line.

Per leaf: the references of its rows that lie, or may lie, in its windows and pass its test (of ``latest`` those that
may be the newest), newest first and at most MOST; how many there are; and of a measure its two ends.
"""

from __future__ import annotations

from priorauth.language import forms as f
from priorauth.population import dated
from priorauth.population.leaves import LeafSql, Leaves
from priorauth.population.sql import fill, literal

MOST = 20


def gathered(made: Leaves, leaves: tuple[LeafSql, ...]) -> str:
    """Gather the evidence of all leaves, a list a seat."""
    rows = "\n  UNION ALL\n".join(_rows(made, leaf, place) for place, leaf in enumerate(leaves))
    values = [
        fill("evidence_value", name=leaf.name, place=str(place)) for place, leaf in enumerate(leaves) if leaf.measured
    ]
    nothing = "SELECT 0 AS seat, 0 AS place, 0.0 AS low, 0.0 AS high WHERE FALSE"
    measured = "\n  UNION ALL\n".join(values) or nothing
    names = ", ".join(f"({place}, {literal(leaf.text)})" for place, leaf in enumerate(leaves))
    return (
        f"evidence_rows AS (\n{rows}\n),\nevidence_values AS (\n{measured}\n),\n"
        f"tests AS (SELECT * FROM (VALUES {names}) AS t(place, test)),\n"
        "evidence AS (\n"
        "  SELECT r.seat,\n    list({'test': t.test, 'low': v.low, 'high': v.high, 'rows': r.rows, 'refs': r.refs}"
        " ORDER BY r.place) AS evidence\n"
        "  FROM evidence_rows r JOIN tests t ON t.place = r.place\n"
        "  LEFT JOIN evidence_values v ON v.seat = r.seat AND v.place = r.place\n"
        "  GROUP BY r.seat\n)"
    )


def _rows(made: Leaves, leaf: LeafSql, place: int) -> str:
    """Give the rows of one leaf."""
    form, fact = leaf.form, leaf.form.fact
    shape = {"place": str(place), "most": str(MOST), "seats": "", "newest": "r.last", "can": "TRUE"}
    table = made.sources.table(fact)
    if table == "answer":
        return fill("evidence", **shape, rows=made.sources.rows(fact))
    rows = made.sources.rows(fact)
    if table == "period":
        return fill("evidence", **shape | {"newest": "r.start_last"}, rows=rows)
    windows = form.measure.windows if isinstance(form, f.NoWorse) else getattr(form, "windows", ())
    windows = tuple(window for window in windows if not isinstance(window, f.While))
    test = getattr(form, "test", None) if isinstance(form, f.Count | f.DaysWith) else None
    test = form.compare if isinstance(form, f.AnyRow) else test
    chosen = dated.choose(made, leaf.name, fact, windows, test)
    shape |= {"rows": chosen.rows, "seats": chosen.seats, "can": chosen.can}
    if isinstance(form, f.Latest):
        shape.pop("newest")
        return fill("evidence_latest", **shape, sure=chosen.sure)
    return fill("evidence", **shape)
