"""The rows that each leaf rests on, and what it measured: a second stage, for those who read a result line by line.

A field for each leaf, named by the line of the policy: how many of its rows lie, or may lie, in its windows and pass
its test (of ``latest`` those that may be the newest), the references of the newest MOST, and a measure's two ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from priorauth.engines.sql import measures
from priorauth.engines.sql.leaf import LeafSql, Leaves
from priorauth.engines.sql.pieces import LAST, fill, literal
from priorauth.language import forms as f

MOST = 5


def gathered(made: Leaves, leaves: tuple[LeafSql, ...]) -> list[tuple[str, str]]:
    """Return the expressions that gather the evidence of all leaves, each with its name; the last is ``evidence``."""
    behind = Behind(made)
    entries, joins = [], dict[str, None]()
    for leaf in leaves:
        rows = behind.name(leaf)
        joins[f"LEFT JOIN {rows} ON {rows}.seat = s.seat"] = None
        measured = ""
        if leaf.measured:
            joins[f"LEFT JOIN {leaf.name} ON {leaf.name}.seat = s.seat"] = None
            measured = fill("evidence_measured", name=leaf.name) + " "
        entries.append(fill("evidence_entry", rows=rows, test=literal(leaf.text), measured=measured))
    parts = {"entries": ",\n    ".join(entries), "joins": "\n  ".join(joins)}
    return [*behind.texts(), ("evidence", fill("evidence", **parts))]


@dataclass(slots=True)
class Behind:
    """The rows behind leaves, each distinct choice of rows once."""

    made: Leaves
    names: dict[str, str] = field(default_factory=dict)

    def name(self, leaf: LeafSql) -> str:
        """Return the name of the rows behind a leaf."""
        return self.names.setdefault(_rows(self.made, leaf), f"behind_{len(self.names) + 1:02}")

    def texts(self) -> list[tuple[str, str]]:
        """Return the expressions, each with its name."""
        return [(name, f"{name} AS (\n  {text}\n)") for text, name in self.names.items()]


def _rows(made: Leaves, leaf: LeafSql) -> str:
    """Return the rows of one leaf."""
    form, fact = leaf.form, leaf.form.fact
    shape = {"most": str(MOST), "seats": "", "last": LAST, "newest": "r.last", "can": "TRUE"}
    table = made.sources.table(fact)
    if table == "answer":
        return fill("behind", **shape, rows=made.sources.told(fact))
    if table == "period":
        return fill("behind", **shape | {"newest": "r.start_last"}, rows=made.sources.told(fact))
    windows = form.measure.windows if isinstance(form, f.NoWorse) else getattr(form, "windows", ())
    windows = tuple(window for window in windows if not isinstance(window, f.While))
    test = getattr(form, "test", None)
    test = form.compare if isinstance(form, f.AnyRow) else test
    chosen = measures.choose(made, leaf.name, fact, windows, test)
    shape |= {"rows": made.sources.told(fact), "seats": chosen.seats, "can": chosen.can}
    if isinstance(form, f.Latest):
        shape.pop("newest")
        return fill("behind_latest", **shape, sure=chosen.sure)
    return fill("behind", **shape)
