"""The rules by which documents are understood: ``policies/notes.yaml`` and ``policies/notes-context.yaml``, checked.

Everything that names a fact, a word or a phrase stands in those files. A fault names the file and the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from priorauth.documents.understand import shapes, surroundings
from priorauth.documents.understand.sentences import Headings
from priorauth.documents.understand.spelling import Spelling
from priorauth.errors import Fault, PolicyFaults
from priorauth.facts import vocabulary as facts
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.values import strict_yaml, units
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Value

FOLDER: Final = Path(__file__).parent.parent.parent / "policies"
NOTES: Final = FOLDER / "notes.yaml"
CONTEXT: Final = FOLDER / "notes-context.yaml"

_WRITTEN: Final = "stated denied hedged values sum rows not_rows rows_fasting boxes ticked without amid"
"""The keys of a fact that say how it is written."""
_TAKEN: Final = (
    "unit dated relatives sections not_sections kinds not_kinds signed visit implies only_with of_stay undeniable loose"
    " with_other lowest spread with_found plain"
)
"""Those that say how what was found is taken."""
_OPTIONS: Final = frozenset(_TAKEN.split())
_FACT_KEYS: Final = _OPTIONS | frozenset(_WRITTEN.split())
_REACH: Final = "before after clause sentence ends unless reaches inside sections spares"
_REACH_KEYS: Final = frozenset(_REACH.split())
_DATED: Final = ("document", "text", "head", "admission", "end")


PLAIN: Final = (
    "carried forward copied imported reviewed encounter collected collection previous reported received results reference signed"
    " electronically signature provider patient service before rather gather another bother present presents morning evening"
    " monday tuesday wednesday thursday friday saturday sunday january february august september october november december"
)
"""Further words that are right as they stand."""


class Said(NamedTuple):
    """A shape of a fact, and what it says: ``stated``, ``denied`` or ``hedged``, or a value of an attribute."""

    shape: shapes.Shape
    says: str
    value: str | None = None


class Rule(NamedTuple):
    """How one fact is written."""

    fact: Fact
    shapes: tuple[Said, ...]
    row: re.Pattern[str] | None
    """What labels its row in a table of results."""
    not_row: re.Pattern[str] | None
    boxes: re.Pattern[str] | None
    """What labels it beside a yes and a no."""
    ticked: tuple[tuple[re.Pattern[str], str], ...]
    """What labels it beside one box, and the value that a tick gives it."""
    sums: Mapping[str, re.Pattern[str]]
    """Names by role whose frequencies are added up."""
    unit: str
    dated: str
    without: re.Pattern[str] | None
    options: Mapping[str, tuple[str, ...]]
    fasting: re.Pattern[str] | None = None
    """What labels its row where the sample was taken fasting."""
    amid: re.Pattern[str] | None = None
    """Words that may not stand within what is found."""

    def allows(self, kind: str | None, section: str) -> bool:
        """Whether the fact may be read in such a document, in such a section."""
        kinds, without = self.options.get("kinds"), self.options.get("not_kinds", ())
        sections, apart = self.options.get("sections"), self.options.get("not_sections", ())
        return not (
            (kinds is not None and kind is not None and kind not in kinds)
            or (kind or "") in without
            or (sections is not None and section not in sections)
            or section in apart
        )


class Rules(NamedTuple):
    """All that is known of how documents are written."""

    facts: Mapping[str, Rule]
    headings: Headings
    context: surroundings.Surroundings
    kinds: tuple[tuple[str, str, re.Pattern[str], float], ...]
    """Kind of document, role of its author, what shows it, and how much that weighs."""
    credentials: Mapping[str, str]
    """Role by credential, in small letters without stops."""
    corrections: re.Pattern[str]
    units: units.Units
    spelling: Spelling
    """The words of both files, for what was recognised from a picture."""


@cache
def load(notes: Path = NOTES, surroundings_file: Path = CONTEXT) -> Rules:
    """Load the rules; raises PolicyFaults with every fault of the two files."""
    known = facts.load()
    reader = _Reader(str(notes), known, units.load())
    written, said_around = strict_yaml.read_file(notes), strict_yaml.read_file(surroundings_file)
    made = reader.facts(written)
    other = _Reader(str(surroundings_file), known, reader.units)
    headings, kinds, roles, corrections, around = other.context(said_around)
    if reader.faults or other.faults:
        raise PolicyFaults(*reader.faults, *other.faults)
    spelling = Spelling([PLAIN, *_words(written), *_words(said_around)])
    return Rules(made, headings, around, kinds, roles, corrections, reader.units, spelling)


def _words(value: Value) -> Iterator[str]:
    """Yield every text of a file's lists."""
    if isinstance(value, strict_yaml.Text):
        yield str(value)
        return
    for one in value.values() if isinstance(value, Map) else value:
        yield from _words(one)


class _Reader:
    """One pass over a file; every fault is gathered."""

    def __init__(self, file: str, vocabulary: Vocabulary, table: units.Units) -> None:
        self.file, self.vocabulary, self.units = file, vocabulary, table
        self.faults: list[Fault] = []
        self.lists: dict[str, tuple[str, ...]] = {}

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault.at_line(self.file, line, message))

    def facts(self, top: Map) -> dict[str, Rule]:
        self.keys(top, frozenset(("lists", "facts")), "the file")
        for name, words in self.mapping(top.get("lists"), top.line, "lists").items():
            self.lists[name] = self.words(words, f"the list {name}")
        made: dict[str, Rule] = {}
        rows = self.mapping(top.get("facts"), top.line, "facts")
        for name, row in rows.items():
            line = rows.key_lines[name]
            if name not in self.vocabulary:
                self.fault(line, f"no fact {name!r} in the vocabulary")
            elif self.vocabulary[name].kind == "judgment":
                self.fault(line, f"{name}: a judgment is never read from a document")
            else:
                made[name] = self.rule(self.vocabulary[name], self.mapping(row, line, name), line)
        return made

    def rule(self, fact: Fact, row: Map, line: int) -> Rule:
        self.keys(row, _FACT_KEYS, fact.name)
        spelled = self.spelled(fact)
        said: list[Said] = []
        for says in ("denied", "hedged"):
            said += [Said(shape, says) for shape in self.shapes(row.get(says), spelled, fact.name)]
        values = self.mapping(row["values"], line, "values") if "values" in row else strict_yaml.Mapping()
        for value, written in values.items():
            self.one_of(fact, value, values.key_lines[value])
            said += [Said(shape, "stated", value) for shape in self.shapes(written, spelled, fact.name)]
        said += [Said(shape, "stated") for shape in self.shapes(row.get("stated"), spelled, fact.name)]
        ticked = []
        for value, words in (self.mapping(row["ticked"], line, "ticked") if "ticked" in row else {}).items():
            if value != "yes":
                self.one_of(fact, value, line)
            if (found := surroundings.phrases(self.words(words, "ticked"))) is not None:
                ticked.append((found, value))
        sums = {
            role: found
            for role, words in (self.mapping(row["sum"], line, "sum") if "sum" in row else {}).items()
            if (found := surroundings.phrases(self.known(words, "sum"))) is not None
        }
        dated = str(row.get("dated", "text" if fact.kind in ("measurement", "event") else "document"))
        if dated not in _DATED:
            self.fault(row.key_lines.get("dated", line), f"{fact.name}: expected dated, one of {', '.join(_DATED)}")
        options = {key: self.words(row[key], key) for key in sorted(_OPTIONS & set(row))}
        return Rule(
            fact,
            tuple(said),
            self.any_of(row, "rows"),
            self.any_of(row, "not_rows"),
            self.any_of(row, "boxes"),
            tuple(ticked),
            sums,
            str(row.get("unit", fact.unit or "")),
            dated,
            self.any_of(row, "without"),
            options,
            self.any_of(row, "rows_fasting"),
            self.any_of(row, "amid"),
        )

    def one_of(self, fact: Fact, value: str, line: int) -> None:
        if fact.values in (("date",), ("number",), ("integer",)) or value not in fact.values:
            self.fault(line, f"{fact.name}: {value!r} is none of its values")

    def any_of(self, row: Map, key: str) -> re.Pattern[str] | None:
        return surroundings.phrases(self.known(row[key], key)) if key in row else None

    def known(self, value: Value, what: str) -> tuple[str, ...]:
        """Return phrases, a list that is named among them laid out."""
        found: list[str] = []
        for one in self.words(value, what):
            if one.startswith("<"):
                listed = self.lists.get(one.strip("<>"))
                if listed is None:
                    self.fault(getattr(value, "line", 1), f"{what}: there is no list {one}")
                found += [word.replace("?", "") for word in listed or ()]
            else:
                found.append(one)
        return tuple(found)

    def spelled(self, fact: Fact) -> str:
        """Return what finds a unit of the fact as people write it."""
        listed = self.units.by_fact.get(fact.name)
        if listed is None:
            return ""
        made = [
            r"\s?".join(_unit(part) for part in one.split())
            for one in sorted(listed, key=len, reverse=True)
            if not re.search(r"[{}]|^1", one)
        ]
        return "|".join(dict.fromkeys(one for one in made if one))

    def shapes(self, value: Value | None, spelled: str, name: str) -> list[shapes.Shape]:
        made: list[shapes.Shape] = []
        if value is None:
            return made
        if not isinstance(value, strict_yaml.Sequence):
            self.fault(getattr(value, "line", 1), f"{name}: expected a list of shapes")
            return made
        for one in value:
            try:
                made.append(shapes.compiled(str(one), getattr(one, "line", value.line), self.lists, spelled))
            except shapes.ShapeFault as fault:
                self.fault(getattr(one, "line", value.line), f"{name}: the shape {str(one)!r} {fault}")
        return made

    def context(
        self, top: Map
    ) -> tuple[
        Headings,
        tuple[tuple[str, str, re.Pattern[str], float], ...],
        dict[str, str],
        re.Pattern[str],
        surroundings.Surroundings,
    ]:
        self.keys(top, frozenset(("headings", "context", "kinds", "credentials", "corrections")), "the file")
        heads = self.mapping(top.get("headings"), top.line, "headings")
        headings = Headings({kind: self.words(words, kind) for kind, words in heads.items()} or {"none": ("none",)})
        kinds = []
        for kind, row in self.mapping(top.get("kinds"), top.line, "kinds").items():
            row = self.mapping(row, top.line, kind)  # noqa: PLW2901 - the same, checked
            self.keys(row, frozenset(("role", "strong", "weak")), kind)
            for weight, key in ((3.0, "strong"), (1.0, "weak")):
                found = surroundings.phrases(self.words(row[key], key)) if key in row else None
                if found is not None:
                    kinds.append((kind, str(row.get("role", "prescriber")), found, weight))
        roles = {}
        for role, words in self.mapping(top.get("credentials"), top.line, "credentials").items():
            roles.update({re.sub(r"[^a-z]", "", one.lower()): role for one in self.words(words, role)})
        corrections = surroundings.phrases(self.words(top.get("corrections", strict_yaml.Sequence()), "corrections"))
        around = {
            name: self.reach(name, self.mapping(row, top.line, name))
            for name, row in self.mapping(top.get("context"), top.line, "context").items()
        }
        return headings, tuple(kinds), roles, corrections or re.compile(r"(?!)"), surroundings.Surroundings(around)

    def reach(self, name: str, row: Map) -> surroundings.Reach:
        self.keys(row, _REACH_KEYS, name)
        found = {
            key: surroundings.phrases(self.words(row[key], key)) if key in row else None
            for key in ("before", "after", "clause", "sentence", "ends", "unless")
        }
        reaches = str(row.get("reaches", "clause"))
        if reaches not in ("clause", "sentence"):
            self.fault(row.key_lines["reaches"], f"{name}: expected reaches, clause or sentence")
        sections = frozenset(self.words(row["sections"], "sections")) if "sections" in row else frozenset[str]()
        spares = frozenset(self.words(row["spares"], "spares")) if "spares" in row else frozenset[str]()
        if unknown := sorted(spares - set(facts.KINDS)):
            self.fault(row.key_lines["spares"], f"{name}: {unknown[0]!r} is no kind of fact")
        return surroundings.Reach(
            **found, reaches=reaches, inside=row.get("inside") == "yes", sections=sections, spares=spares
        )

    def keys(self, row: Map, known: frozenset[str], what: str) -> None:
        for key in row:
            if key not in known:
                self.fault(row.key_lines[key], f"{what}: no such key {key!r}")

    def mapping(self, value: Value | None, line: int, what: str) -> Map:
        if isinstance(value, Map):
            return value
        self.fault(getattr(value, "line", line), f"{what}: expected a mapping")
        made = Map()
        made.line, made.key_lines = line, {}
        return made

    def words(self, value: Value, what: str) -> tuple[str, ...]:
        listed: Sequence[Value] = value if isinstance(value, strict_yaml.Sequence) else [value]
        for one in listed:
            if not isinstance(one, strict_yaml.Text) or not one.strip():
                self.fault(getattr(one, "line", getattr(value, "line", 1)), f"{what}: expected words")
        return tuple(str(one) for one in listed if isinstance(one, strict_yaml.Text) and one.strip())


def _unit(part: str) -> str:
    """Return what finds a part of a unit, as typists and scans leave it."""
    escaped = re.escape(part).replace("u", "[uµμ]", 1) if part.startswith("umol") else re.escape(part)
    return escaped.replace("/", r"\s?/\s?")
