"""The rows of each fact by seat, and the dates to count from: what every leaf of a policy reads.

A seat is a member (all sources together) or, where answers and record both speak of a fact, one side of a member. The
number of a seat is four times the member's, plus 0 for all, 1 for answers, 2 for the record.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from priorauth.engines.sql import pieces
from priorauth.engines.sql.pieces import fill, literal, slug
from priorauth.engines.sql.windows import Anchors
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.rows import MAYBE, UNREAD
from priorauth.facts.vocabulary import Fact, Vocabulary

TABLES = {
    "measurement": "measurement",
    "event": "event",
    "regimen": "period",
    "condition": "period",
    "attestation": "answer",
    "attribute": "answer",
    "judgment": "answer",
}
COLUMNS = {
    "measurement": (
        *("source", "ref", "first", "last", "minute", "low", "high"),
        *("low_open", "high_open", "specimen", "fault"),
    ),
    "event": ("source", "ref", "first", "last", "minute", "low", "high"),
    "period": ("source", "ref", "start_first", "start_last", "end_first", "end_last", "low", "high"),
    "answer": ("source", "ref", "text", "first", "last", "minute", "low", "high"),
}
LARGE = ("measurement", "event")
_BETWEEN = "\n  UNION ALL\n  "
_COUNTED = f"t.source <> {pieces.SHOWN_SOURCE}"
_STARTED = {"pump_start", "trial_start"}
_FILLED = {
    "measurement": {},
    "event": {"specimen": "CAST(NULL AS VARCHAR)"},
    "period": {},
    "answer": {},
}


@dataclass(slots=True)
class Sources:
    """The common table expressions that leaves share, each made once when it is first asked for."""

    vocabulary: Vocabulary
    anchors: Anchors
    sided: frozenset[str]
    """The facts of leaves that are a conflict where answers and record differ."""
    texts: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    """Which of them are worth keeping once worked out."""
    counted: dict[str, None] = field(default_factory=dict)
    """The facts whose record may have to be whole."""
    seated: dict[str, None] = field(default_factory=dict)
    """The facts for which sides have seats of their own."""
    role: tuple[str, str] | None = None
    """A fact of which only what somebody of a role states is read, and that role."""

    def stated_by(self, fact: str, role: str) -> Sources:
        """Return the same, of a fact only what somebody of a role states; of whom it is not known, as mentions."""
        return replace(self, role=(fact, role))

    def _role(self, name: str) -> str | None:
        return self.role[1] if self.role is not None and self.role[0] == name else None

    def _made(self, name: str) -> str:
        """Return how the names of what is made of a fact begin."""
        role = self._role(name)
        return slug(name) if role is None else f"{slug(name)}_by_{slug(role)}"

    def fact(self, name: str) -> Fact:
        """Return a fact of the vocabulary."""
        return self.vocabulary[name]

    def table(self, name: str) -> str:
        """Return the name of the table of a fact."""
        return TABLES[self.fact(name).kind]

    def columns(self, name: str, alias: str = "t") -> str:
        """List the columns of a fact's rows."""
        table = self.table(name)
        filled = _FILLED[table] if alias == "t" else {}
        role = self._role(name) if alias == "t" else None
        own = [f"{alias}.{column}" if role is None else _heard(column, role) for column in COLUMNS[table]]
        extra = [f"{text} AS {column}" for column, text in filled.items()]
        if alias != "t":
            extra = [f"{alias}.{column}" for column in _FILLED[table]]
        return ", ".join((*own, *extra))

    def rows(self, name: str, beside: str | None = None) -> str:
        """Return the name of the rows of a fact by seat; ``beside``: for the seats of that other fact."""
        of = beside or name
        made = f"{self._made(name)}_rows" + (f"_beside_{slug(of)}" if of != name else "")
        if made not in self.texts:
            fact, table = self.fact(name), self.table(name)
            judged = fact.kind == "judgment"
            parts = {"table": table, "fact": literal(name), "columns": self.columns(name)}
            counted = self._counted(name)
            sides = ""
            if of in self.sided and not judged:
                sides = "\n" + fill("sides", **parts, of=literal(of), heard=self._heard(name))
            text = fill("rows", **parts, fact_name=name, name=made, counted=counted, sides=_indented(sides))
            self.texts[made] = text
        return made

    def told(self, name: str) -> str:
        """Return the name of the rows of a fact by seat, all sources together."""
        made = f"{self._made(name)}_told"
        parts = {"table": self.table(name), "fact": literal(name), "columns": self.columns(name), "sides": ""}
        counted = self._counted(name)
        self.texts.setdefault(made, fill("rows", **parts, fact_name=name, name=made, counted=counted))
        return made

    def spoken_of(self, name: str) -> str:
        """Return the name of the seats of whom anything speaks of a fact: of a judgment, also what only hints at it."""
        if self.fact(name).kind != "judgment":
            return self.rows(name)
        made = f"{slug(name)}_spoken"
        parts = {"table": self.table(name), "fact": literal(name), "columns": self.columns(name), "sides": ""}
        self.texts.setdefault(made, fill("rows", **parts, fact_name=name, name=made, counted=_COUNTED))
        return made

    def _counted(self, name: str) -> str:
        return ("t.source = 'judgment'" if self.fact(name).kind == "judgment" else _COUNTED) + self._heard(name)

    def _heard(self, name: str) -> str:
        """Return what a row has to be beside that, where only somebody of a role is heard."""
        role = self._role(name)
        return "" if role is None else f" AND ({_has(role)} OR {_may_have(role)})"

    def seats(self, name: str) -> str:
        """Return the name of the seats of a fact."""
        if name not in self.sided:
            return "seat"
        self.seated[name] = None
        return f"{slug(name)}_seats"

    def newest(self, name: str) -> str:
        """Return the name of the newest statements of a fact by seat."""
        made = f"{self._made(name)}_newest"
        rows = self.rows(name)
        self.kept.add(made)
        self.texts.setdefault(made, fill("newest", name=made, rows=rows, fact_name=name))
        return made

    def complete(self, name: str) -> None:
        """Note that the record of a fact may have to be whole."""
        self.counted[name] = None

    # ---- what comes before every row

    def head(self) -> list[tuple[str, str, bool]]:
        """Return the expressions that come first: sides, seats with their anchors, and where records are whole.

        Each with its name, and whether it is worth keeping once worked out.
        """
        texts = []
        if self.sided:
            texts += [("answered", self._answered(), True), ("both_sides", self._both_sides(), True)]
        columns, joins = (
            ["m.as_of" if self.anchors.as_of is None else f"{pieces.date(self.anchors.as_of)} AS as_of"],
            "",
        )
        for name in ("birth", *self.anchors.used):
            texts.append((f"anchor_{name}", self._anchor(name), True))
            joins += f"\n  LEFT JOIN anchor_{name} a_{name} ON a_{name}.member = m.member"
            columns += self._anchor_columns(name)
        texts.append(("seat", fill("seat", columns=", ".join(columns), anchors=joins), True))
        if self.seated:
            own = "".join(f", {column.split()[-1].rpartition('.')[2]}" for column in columns)
            texts.append(("side_seats", fill("side_seats", columns=own.replace(", ", ", s.")), True))
            for name in self.seated:
                parts = {"fact": literal(name), "fact_name": name, "columns": own}
                texts.append((self.seats(name), fill("seats", name=self.seats(name), **parts), False))
        texts.append(("complete", self._complete(), True))
        return texts

    def _answered(self) -> str:
        """Return for whom answers speak of a fact."""
        parts = [fill("answered", table=table, facts=pieces.listed(names)) for table, names in self._sided_by_table()]
        return fill("all_answered", parts=_BETWEEN.join(parts))

    def _both_sides(self) -> str:
        """Return for whom answers and record both speak of a fact; large tables fact by fact: few answer of many."""
        parts, whole = [], list[str]()
        for table, names in self._sided_by_table():
            if table in LARGE:
                parts += [fill("recorded_fact", table=table, fact=literal(name)) for name in names]
            else:
                parts.append(fill("recorded", table=table, facts=pieces.listed(names)))
            whole += names if table != "answer" else ()
        parts += [fill("recorded", table="whole", facts=pieces.listed(tuple(sorted(whole))))] if whole else []
        return fill("both_sides", recorded=_BETWEEN.join(parts))

    def _sided_by_table(self) -> list[tuple[str, tuple[str, ...]]]:
        names: dict[str, list[str]] = {}
        for name in sorted(self.sided):
            names.setdefault(self.table(name), []).append(name)
        return [(table, tuple(facts)) for table, facts in names.items()]

    def _anchor_columns(self, name: str) -> list[str]:
        if name == "birth":
            return [f"coalesce(a_birth.first, {pieces.FIRST}) AS born"]
        today = "m.as_of" if self.anchors.as_of is None else pieces.date(self.anchors.as_of)
        if name in ("service", "pump_start"):
            ends = [f"coalesce(a_{name}.{end}, {today}) AS {name}_{end}" for end in ("first", "last")]
            return [*ends, f"a_{name}.first IS NULL AS {name}_moves"]
        return [f"a_{name}.{end} AS {name}_{end}" for end in ("first", "last")]

    def _anchor(self, name: str) -> str:
        fact = "birth_date" if name == "birth" else ANCHOR_FACTS[name]
        made = f"anchor_{name}"
        parts = {"name": made, "fact": literal(fact), "fact_name": fact}
        if name in _STARTED:
            ongoing = f" AND end_last = {pieces.LAST}" if name == "pump_start" else ""
            return fill("anchor_started", **parts, ongoing=ongoing)
        if name == "prior_approval":
            today = "s.as_of" if self.anchors.as_of is None else pieces.date(self.anchors.as_of)
            return fill("anchor_before", **parts, today=today)
        newest = fill("newest", name=f"{made}_newest", rows=f"{made}_rows", fact_name=fact)
        first, last = pieces.day_of("min(low)"), pieces.day_of("max(high)")
        return fill("anchor_stated", **parts, columns=_answers(), newest=newest, first=first, last=last)

    def _complete(self) -> str:
        facts = tuple(self.counted) or ("",)
        sides = ""
        if self.sided:
            sides = (
                "\n  UNION ALL\n  SELECT t.member * 4 + 2 AS seat, t.fact, t.first, t.last\n"
                "  FROM whole t JOIN both_sides b ON b.member = t.member AND b.fact = t.fact\n"
                f"  WHERE t.fact IN {pieces.listed(facts)} AND t.source IN {pieces.RECORD_SOURCES}"
            )
        return fill("complete", facts=pieces.listed(facts), sides=sides)


def _answers() -> str:
    return ", ".join(f"t.{column}" for column in COLUMNS["answer"])


def _has(role: str) -> str:
    return f"coalesce(list_contains(string_split(t.author, ' '), {literal(role)}), FALSE)"


def _may_have(role: str) -> str:
    return f"coalesce(list_contains(string_split(t.author, ' '), {literal(role + MAYBE)}), TRUE)"


def _heard(column: str, role: str) -> str:
    """Return a column of a statement that is a mention where it is not known that its author has a role."""
    unread = {"text": literal(UNREAD), "low": "NULL", "high": "NULL"}.get(column)
    return f"t.{column}" if unread is None else f"CASE WHEN {_has(role)} THEN t.{column} ELSE {unread} END AS {column}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n  ") if text else ""
