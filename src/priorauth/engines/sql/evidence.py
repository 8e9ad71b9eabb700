"""The rows that each leaf rests on, and what it measured: a second stage, for those who read a result line by line.

A field for each leaf, named by the line of the policy: how many of its rows lie, or may lie, in its windows and pass
its test (of ``latest`` those that may be the newest), the references of the newest MOST, and a measure's two ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from priorauth.engines.sql import measures
from priorauth.engines.sql.leaf import LeafSql, Leaves
from priorauth.engines.sql.pieces import LAST, fill, literal
from priorauth.language import contents
from priorauth.language import forms as f

MOST = 5
TOGETHER = 8
"""How many leaves are joined in one statement: each join costs the more the more there are beside it."""


def gathered(made: Leaves, leaves: tuple[LeafSql, ...]) -> list[tuple[str, str]]:
    """Return the expressions that gather the evidence of all leaves, each with its name; the last is ``evidence``."""
    behind = Behind(made)
    entries = []
    """Of each leaf: the field that is its evidence, and the tables that it is made of."""
    for leaf in leaves:
        rows = behind.name(leaf)
        measured = fill("evidence_measured", name=leaf.name) + " " if leaf.measured else ""
        tables = (rows, leaf.name) if leaf.measured else (rows,)
        entries.append((leaf, fill("evidence_entry", rows=rows, measured=measured), tables))
    some = -(-len(entries) // TOGETHER)
    parts, fields = [], []
    for place in range(some):
        name = f"evidence_{place + 1}"
        own = entries[place * TOGETHER : (place + 1) * TOGETHER]
        joined = dict.fromkeys(table for _, _, tables in own for table in tables)
        parts.append((name, _part(name, [(leaf.name, text) for leaf, text, _ in own], joined)))
        fields += [f"{literal(leaf.text)}: {name}.{leaf.name}" for leaf, _, _ in own]
    joins = _joins(name for name, _ in parts)
    whole = fill("evidence", entries=",\n    ".join(fields), joins=joins)
    return [*behind.texts(), *parts, ("evidence", whole)]


def _part(name: str, columns: list[tuple[str, str]], tables: Iterable[str]) -> str:
    """Return the evidence of a few leaves, a column each."""
    listed = ",\n    ".join(f"{text} AS {column}" for column, text in columns)
    return fill("evidence_part", name=name, columns=listed, joins=_joins(tables))


def _joins(tables: Iterable[str]) -> str:
    return "\n  ".join(f"LEFT JOIN {table} ON {table}.seat = s.seat" for table in tables)


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
        role = contents.role_of(form)
        sources = made.sources if role is None else made.sources.stated_by(fact, role)
        return fill("behind", **shape, rows=sources.told(fact))
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
