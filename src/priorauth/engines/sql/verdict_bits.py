"""The verdicts of all leaves side by side, a row a member, before any criterion is weighed.

The truths of leaves that stand in tables of their own are gathered as bits of whole numbers: one pass over all of them
in the place of a join for each. A bit is set where a truth is not the usual one: a leaf that leaves out a member, or of
which silence says what it says of most, leaves its bits at zero. Where answers and record differ is gathered apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from priorauth.engines.sql.leaf import LeafSql
from priorauth.engines.sql.pieces import fill, listed, literal, slug
from priorauth.engines.sql.statements import KINDS
from priorauth.facts.rows import SETTLE

FLAGS = ("conflict", "pending", "assumed", "quiet", "hinted", "failed", "passed")
"""Columns of leaves that are true or false beside the verdict."""
USUAL = "assumed"
"""The one of them that is true of most: where silence can settle a leaf, it does."""
IN_WORD = 62
"""How many truths one whole number holds."""


def leaves(made: tuple[LeafSql, ...], words: frozenset[str]) -> str:
    """Return the expressions up to ``found_0``: every leaf, conflicts told, and the clinician's words by criterion."""
    bits = Bits()
    for leaf in made:
        if not leaf.seen:
            bits.add(leaf)
    texts = [bits.text()] if bits.places else []
    texts += [bits.clashes()] if bits.sided else []
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

    parts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    sided: list[str] = field(default_factory=list)
    """The leaves that are a conflict where answers and record settle them differently."""

    def add(self, leaf: LeafSql) -> None:
        """Gather the truths of one leaf: what differs from the usual verdict, and its flags."""
        truths = {f"{leaf.name}_can": _unlike("can_hold", leaf.default.can)}
        truths[f"{leaf.name}_fail"] = _unlike("can_fail", leaf.default.fail)
        usual = {flag: "TRUE" if flag == USUAL else "FALSE" for flag in FLAGS if flag in leaf.columns}
        truths |= {f"{leaf.name}_{flag}": _unlike(flag, default) for flag, default in usual.items()}
        self.parts.append((leaf.name, truths))
        self.sided += [leaf.name] if leaf.sided else []
        for name in truths:
            self.places[name] = len(self.places)

    @property
    def words(self) -> range:
        """Number the whole numbers that hold them."""
        return range(-(-len(self.places) // IN_WORD))

    @property
    def clash_words(self) -> range:
        """Number the whole numbers that hold where sides differ."""
        return range(-(-len(self.sided) // IN_WORD))

    def text(self) -> str:
        """Return the expression that gathers them."""
        lines = []
        for leaf, truths in self.parts:
            sums: dict[int, list[str]] = {}
            for name, condition in truths.items():
                word, bit = divmod(self.places[name], IN_WORD)
                sums.setdefault(word, []).append(f"CASE WHEN {condition} THEN {1 << bit} ELSE 0 END")
            texts = [" + ".join(sums.get(word, ["0"])) for word in self.words]
            columns = ", ".join(f"CAST({text} AS BIGINT) AS bits_{word}" for word, text in enumerate(texts))
            lines.append(f"SELECT seat, {columns} FROM {leaf} WHERE seat % 4 = 0")
        gathered = ", ".join(f"bit_or(bits_{word}) AS bits_{word}" for word in self.words)
        some = " OR ".join(f"bits_{word} <> 0" for word in self.words)
        return fill("bits", gathered=gathered, some=some, union="\n  UNION ALL\n  ".join(lines))

    def clashes(self) -> str:
        """Return the expression that gathers where answers and record settle leaves differently."""
        lines = []
        for place, leaf in enumerate(self.sided):
            own, bit = divmod(place, IN_WORD)
            columns = ""
            for word in self.clash_words:
                one = f"CAST({1 << bit if word == own else 0} AS BIGINT)"
                columns += f", CASE WHEN can_hold THEN {one} ELSE 0 END AS met_{word}"
                columns += f", CASE WHEN can_hold THEN 0 ELSE {one} END AS not_{word}"
            lines.append(fill("clash", name=leaf, columns=columns))
        sides = [(side, said) for side in (1, 2) for said in ("met", "not")]
        gathered = [
            f"bit_or(CASE WHEN side = {side} THEN {said}_{word} ELSE 0 END) AS {said}_{word}_{side}"
            for word in self.clash_words
            for side, said in sides
        ]
        clash = [f"(met_{word}_1 & not_{word}_2) | (not_{word}_1 & met_{word}_2)" for word in self.clash_words]
        columns = ", ".join(f"{text} AS clash_{word}" for word, text in enumerate(clash))
        union = "\n  UNION ALL\n  ".join(lines)
        return fill("clashes", columns=columns, gathered=", ".join(gathered), union=union)

    def columns(self, leaf: LeafSql) -> dict[str, str]:
        """Return the columns of a leaf."""
        name = leaf.name
        can, fail = self._truth(f"{name}_can", leaf.default.can), self._truth(f"{name}_fail", leaf.default.fail)
        conflicts = [self._truth(f"{name}_conflict", "FALSE")] if "conflict" in leaf.columns else []
        if leaf.sided:
            word, bit = divmod(self.sided.index(name), IN_WORD)
            conflicts.append(f"t.clash_{word} & {1 << bit} <> 0")
            can, fail = f"{can} OR {conflicts[-1]}", f"{fail} OR {conflicts[-1]}"
        found = {"can": can, "fail": fail}
        if conflicts:
            found["conflict"] = " OR ".join(conflicts)
        usual = {flag: "TRUE" if flag == USUAL else "FALSE" for flag in FLAGS[1:] if flag in leaf.columns}
        return found | {flag: self._truth(f"{name}_{flag}", default) for flag, default in usual.items()}

    def _truth(self, name: str, default: str) -> str:
        word, bit = divmod(self.places[name], IN_WORD)
        return f"t.bits_{word} & {1 << bit} {'=' if default == 'TRUE' else '<>'} 0"


def _unlike(column: str, default: str) -> str:
    """Return the condition that a truth is not the usual one."""
    return f"NOT {column}" if default == "TRUE" else column


def _told(made: tuple[LeafSql, ...], bits: Bits) -> str:
    """Put what all leaves say beside each member, zero where nothing is said."""
    columns = [f"coalesce(b.bits_{word}, 0) AS bits_{word}" for word in bits.words]
    joins = "\n  LEFT JOIN bits b ON b.seat = s.seat" if columns else ""
    columns += [f"coalesce(k.clash_{word}, 0) AS clash_{word}" for word in bits.clash_words]
    joins += "\n  LEFT JOIN clashes k ON k.seat = s.seat" if bits.sided else ""
    said = sorted({leaf.seen.word for leaf in made if leaf.seen})
    columns += [f"coalesce(n.{kind}_{word}, 0) AS {kind}_{word}" for word in said for kind in KINDS]
    joins += "\n  LEFT JOIN said n ON n.member = s.member" if said else ""
    return fill("told", columns=", ".join(columns), joins=joins)


def _words(words: frozenset[str]) -> str:
    """Return a clinician's words on criteria, a column a criterion."""
    names = sorted(words)
    text = _word(words)
    if not names:
        return text
    columns = ",\n    ".join(
        f"bool_or(CASE WHEN fact = {literal(f'{SETTLE}{name}')} AND yes <> no THEN yes END) AS word_{slug(name)}"
        for name in names
    )
    return f"{text},\nwords_by_criterion AS (\n  SELECT member, {columns}\n  FROM words\n  GROUP BY member\n)"


def _word(words: frozenset[str]) -> str:
    return fill("word", facts=listed(tuple(f"{SETTLE}{name}" for name in sorted(words))) if words else "('')")


def words_alone(words: frozenset[str]) -> str:
    """Return a clinician's words on criteria, a row a criterion, as a query of its own; empty where there are none."""
    return f"WITH\n{_word(words)}\nSELECT member, fact, yes FROM words WHERE yes <> no" if words else ""
