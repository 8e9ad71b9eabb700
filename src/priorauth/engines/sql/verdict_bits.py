"""The verdicts of all leaves side by side, a row a member, before any criterion is weighed.

The truths of leaves that stand in tables of their own are gathered as bits of whole numbers: one pass over all of them
in the place of a join for each. A leaf that leaves out a member leaves its bits at zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from priorauth.engines.sql.leaf import LeafSql
from priorauth.engines.sql.pieces import fill, listed, literal, slug
from priorauth.engines.sql.statements import KINDS
from priorauth.facts.rows import SETTLE

FLAGS = ("conflict", "pending", "assumed", "quiet", "hinted", "failed", "passed")
"""Columns of leaves that are true or false beside the verdict."""
IN_WORD = 62
"""How many truths one whole number holds."""


def leaves(made: tuple[LeafSql, ...], words: frozenset[str]) -> str:
    """Return the expressions up to ``found_0``: every leaf, conflicts told, and the clinician's words by criterion."""
    bits = Bits()
    for leaf in made:
        if not leaf.seen:
            bits.add(leaf)
    texts = [bits.text()] if bits.places else []
    columns, joins = [], list[str]()
    for leaf in made:
        own = leaf.seen.columns(leaf.default) if leaf.seen else bits.columns(leaf)
        columns += [f"{text} AS {leaf.name}_{column}" for column, text in own.items()]
        kept = [column for column in ("lost", "wait") if column in leaf.columns]
        columns += [f"{leaf.name}.{column} AS {leaf.name}_{column}" for column in kept]
        joins += [f"LEFT JOIN {leaf.name} ON {leaf.name}.seat = t.seat"] if kept else []
    columns += [f"w.word_{slug(name)}" for name in sorted(words)]
    joins += ["LEFT JOIN words_by_criterion w ON w.member = t.member"] if words else []
    parts = {"columns": ",\n    ".join(columns), "joins": "\n  ".join(joins)}
    return ",\n".join((*texts, _told(made, bits), _words(words), fill("found", **parts)))


@dataclass(slots=True)
class Bits:
    """The truths of leaves, each with the place of its bit."""

    parts: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def add(self, leaf: LeafSql) -> None:
        """Gather the truths of one leaf: what differs from the verdict of a seat that is left out, and its flags."""
        truths = {f"{leaf.name}_can": _unlike("can_hold", leaf.default.can), f"{leaf.name}_fail": "NOT can_fail"}
        truths |= {f"{leaf.name}_{flag}": flag for flag in FLAGS if flag in leaf.columns}
        self.parts.append(("seat", f"FROM {leaf.name} WHERE seat % 4 = 0", truths))
        if leaf.sided:
            self.parts.append(("a.seat - 1 AS seat", fill("clash", name=leaf.name), {f"{leaf.name}_clash": "TRUE"}))
        for name in (*truths, *((f"{leaf.name}_clash",) if leaf.sided else ())):
            self.places[name] = len(self.places)

    @property
    def words(self) -> range:
        """Number the whole numbers that hold them."""
        return range(-(-len(self.places) // IN_WORD))

    def text(self) -> str:
        """Return the expression that gathers them."""
        lines = []
        for seat, source, truths in self.parts:
            sums: dict[int, list[str]] = {}
            for name, condition in truths.items():
                word, bit = divmod(self.places[name], IN_WORD)
                sums.setdefault(word, []).append(f"CASE WHEN {condition} THEN {1 << bit} ELSE 0 END")
            texts = [" + ".join(sums.get(word, ["0"])) for word in self.words]
            columns = ", ".join(f"CAST({text} AS BIGINT) AS bits_{word}" for word, text in enumerate(texts))
            lines.append(f"SELECT {seat}, {columns} {source}")
        gathered = ", ".join(f"bit_or(bits_{word}) AS bits_{word}" for word in self.words)
        some = " OR ".join(f"bits_{word} <> 0" for word in self.words)
        return fill("bits", gathered=gathered, some=some, union="\n  UNION ALL\n  ".join(lines))

    def columns(self, leaf: LeafSql) -> dict[str, str]:
        """Return the columns of a leaf."""
        name = leaf.name
        can, fail = self._is(f"{name}_can"), f"NOT ({self._is(f'{name}_fail')})"
        if leaf.default.can != "FALSE":
            can = f"NOT ({can})"
        conflicts = [self._is(key) for key in (f"{name}_conflict", f"{name}_clash") if key in self.places]
        if leaf.sided:
            can, fail = f"{can} OR {conflicts[-1]}", f"{fail} OR {conflicts[-1]}"
        found = {"can": can, "fail": fail}
        if conflicts:
            found["conflict"] = " OR ".join(conflicts)
        return found | {flag: self._is(f"{name}_{flag}") for flag in FLAGS[1:] if flag in leaf.columns}

    def _is(self, name: str) -> str:
        word, bit = divmod(self.places[name], IN_WORD)
        return f"t.bits_{word} & {1 << bit} <> 0"


def _unlike(column: str, default: str) -> str:
    """Return the condition that a truth is not the one of a seat that is left out."""
    return f"NOT {column}" if default == "TRUE" else column


def _told(made: tuple[LeafSql, ...], bits: Bits) -> str:
    """Put what all leaves say beside each member, zero where nothing is said."""
    columns = [f"coalesce(b.bits_{word}, 0) AS bits_{word}" for word in bits.words]
    joins = "\n  LEFT JOIN bits b ON b.seat = s.seat" if columns else ""
    said = sorted({leaf.seen.word for leaf in made if leaf.seen})
    columns += [f"coalesce(n.{kind}_{word}, 0) AS {kind}_{word}" for word in said for kind in KINDS]
    joins += "\n  LEFT JOIN said n ON n.member = s.member" if said else ""
    return fill("told", columns=", ".join(columns), joins=joins)


def _words(words: frozenset[str]) -> str:
    """Return a clinician's words on criteria, a column a criterion."""
    names = sorted(words)
    text = fill("word", facts=listed(tuple(f"{SETTLE}{name}" for name in names)) if names else "('')")
    if not names:
        return text
    columns = ",\n    ".join(
        f"bool_or(CASE WHEN fact = {literal(f'{SETTLE}{name}')} AND yes <> no THEN yes END) AS word_{slug(name)}"
        for name in names
    )
    return f"{text},\nwords_by_criterion AS (\n  SELECT member, {columns}\n  FROM words\n  GROUP BY member\n)"
