"""The vocabulary: every fact that policies speak about, with its kind, unit, codes, and the question that asks for it.

Loaded from ``policies/vocabulary.yaml``; the keys are explained at the top of that file. A policy folder of one's own
may bring facts of its own (``vocabulary.yaml`` beside its payers), never change the ones shipped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal, cast

from msgspec import Struct, field
from msgspec.structs import replace

from priorauth.errors import Fault, PolicyFaults
from priorauth.values import names, strict_yaml
from priorauth.values.units import number

Kind = Literal["measurement", "event", "regimen", "condition", "attestation", "attribute", "judgment"]
Asked = Literal["prescriber", "supplier", "payer"]
Codes = Mapping[str, tuple[str, ...]]

KINDS: tuple[Kind, ...] = ("measurement", "event", "regimen", "condition", "attestation", "attribute", "judgment")
ANCHORS = (
    "request",
    "service",
    "pump_start",
    "enrollment",
    "medicare_enrollment",
    "trial_start",
    "prior_approval",
    "prescription",
)
PATH = Path(__file__).parent.parent / "policies" / "vocabulary.yaml"
_SYSTEMS = {"icd10cm", "icd9cm", "snomed", "loinc", "rxnorm", "atc", "hcpcs", "hcpcs_modifier", "icd10pcs"}
_MORE = {"more values", "derivations"}
"""What a vocabulary that is laid over another may hold without facts."""
_PHRASE = re.compile(r"[a-z0-9]+( [a-z0-9]+)*")
_BELOW = {"loinc", "value", "most", "unit", "units", "words"}
_WORDS = {
    "asked_of": ("prescriber", "supplier", "payer"),
    "worse": ("higher", "lower"),
    "silence": ("no",),
    "document": ("true", "one"),
    "only_sex": ("female", "male"),
    "once": ("true",),
}
_ONLY_OF: Mapping[str, tuple[Kind, ...]] = {
    "fasting_codes": ("measurement",),
    "only_sex": ("condition", "attestation"),
    "once": ("measurement",),
    "only_ages": ("condition", "attestation"),
}
"""The kinds of fact that may bear a key, where not every kind may."""
_KEYS = {
    "kind",
    "unit",
    "resolution",
    "worse",
    "values",
    "value_codes",
    "pending",
    "once_own",
    "silence",
    "silence_unless",
    "codes",
    "except",
    "code_values",
    "fasting_codes",
    "hint_codes",
    "hint_except",
    "hint_days",
    "hint_words",
    "hint_below",
    "only_sex",
    "once",
    "only_ages",
    "derived",
    "document",
    "asked_of",
    "ask",
    "used_by",
}


class Fact(Struct, frozen=True):
    """One fact: what it is, how it is coded, and whom to ask for it.

    ``values`` are the listed values of an attribute, or ``("date",)``, ``("number",)``, ``("integer",)``.
    """

    name: str
    kind: Kind
    ask: str
    asked_of: Asked = "prescriber"
    unit: str | None = None
    resolution: Fraction = Fraction(1)
    worse: Literal["higher", "lower"] = "higher"
    values: tuple[str, ...] = ()
    value_codes: Mapping[str, Codes] = field(default_factory=dict)
    pending: tuple[str, ...] = ()
    once_own: tuple[str, ...] = ()
    """Values that folders brought before they were shipped: one that brings them still is not at fault."""
    silent_no: bool = False
    silent_unless: tuple[str, ...] = ()
    codes: Codes = field(default_factory=dict)
    without: Codes = field(default_factory=dict)
    code_values: Mapping[str, Codes] = field(default_factory=dict)
    fasting_codes: Codes = field(default_factory=dict)
    """Codes that stand for the fact only where the sample is known to be drawn fasting."""
    hint_codes: Codes = field(default_factory=dict)
    hint_without: Codes = field(default_factory=dict)
    hint_days: int | None = None
    hint_words: tuple[str, ...] = ()
    hint_below: Mapping[str, strict_yaml.Value] = field(default_factory=dict)
    once: bool = False
    """Whether one result on file is answer enough: where it fails, it is not asked again."""
    only_sex: Literal["female", "male"] | None = None
    only_ages: tuple[int, int] | None = None
    """The youngest and the oldest age in whole years, both included; outside of them the fact is certainly not so."""
    document: bool = False
    one_paper: bool = False
    """Whether there is one such paper: a date that is stated for it and is not its own is a conflict."""
    derived: str = ""
    """How rows are made out of other rows, in prose; empty where they are not."""
    line: int = 0

    @property
    def numeric(self) -> bool:
        """Whether its rows carry a number in a unit."""
        return self.unit is not None


class Vocabulary(Struct, frozen=True, eq=False):
    """All facts by name, the named numbers of derivations, and the hash of the file. Each is one of its own."""

    facts: Mapping[str, Fact]
    derivations: Mapping[str, str]
    sha256: str

    def __getitem__(self, name: str) -> Fact:
        """Return the fact of that name; KeyError where there is none."""
        return self.facts[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a fact of that name."""
        return name in self.facts

    def __iter__(self) -> Iterator[str]:
        """Return the names of the facts in the file's order."""
        return iter(self.facts)

    def amount(self, name: str) -> Fraction:
        """Return a named number of the derivations."""
        return number(self.derivations[name])


@cache
def load(path: Path = PATH) -> Vocabulary:
    """Load a vocabulary; raises PolicyFaults with the line of the first fault."""
    return _read(path, strict_yaml.read_file(path), {})


def _read(path: Path, top: strict_yaml.Mapping, known: Mapping[str, str]) -> Vocabulary:
    """Read the facts and derivations of a file; its facts may go by derivations that are known already."""
    listed = top.get("facts")
    if not isinstance(listed, strict_yaml.Mapping):
        raise PolicyFaults.at_line(str(path), 1, "expected `facts:`")
    reader = _Reader(str(path))
    own = reader.derivations(top.get("derivations"))
    both = {**known, **own}
    facts = {name: reader.fact(name, row, listed.key_lines[name], both) for name, row in listed.items()}
    return Vocabulary(facts, own, hashlib.sha256(strict_yaml.file_bytes(path)).hexdigest())


class _Reader(Struct, frozen=True):
    file: str

    def fact(self, name: str, row: strict_yaml.Value, line: int, derivations: Mapping[str, str]) -> Fact:
        if fault := names.FACT.fault("a fact's name", name):
            raise PolicyFaults.at_line(self.file, line, fault)
        if not isinstance(row, strict_yaml.Mapping):
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected a mapping")
        if unknown := sorted(set(row) - _KEYS):
            raise PolicyFaults.at_line(self.file, row.key_lines[unknown[0]], f"{name}: no such key {unknown[0]!r}")
        kind = str(row.get("kind", ""))
        if kind not in KINDS:
            raise PolicyFaults.at_line(
                self.file, line, f"{name}: expected kind, one of {', '.join(KINDS)}; found {kind!r}"
            )
        if "ask" not in row:
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected the question, `ask:`")
        if kind in ("measurement", "regimen") and "unit" not in row:
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected the unit of a {kind}, `unit:`")
        for key, words in _WORDS.items():
            if key in row and row[key] not in words:
                raise PolicyFaults.at_line(
                    self.file, row.key_lines[key], f"{name}: expected {key}, one of {', '.join(words)}"
                )
        for key, kinds in _ONLY_OF.items():
            if key in row and kind not in kinds:
                raise PolicyFaults.at_line(
                    self.file, row.key_lines[key], f"{name}: expected {key} of a {' or '.join(kinds)} only"
                )
        return Fact(
            name=name,
            kind=kind,
            ask=str(row["ask"]),
            asked_of=cast("Asked", str(row.get("asked_of", "prescriber"))),
            unit=str(row["unit"]) if "unit" in row else None,
            resolution=self.positive(name, row, "resolution") or Fraction(1),
            worse="lower" if row.get("worse") == "lower" else "higher",
            values=self.values(row.get("values"), line),
            value_codes=self.nested(name, row.get("value_codes")),
            pending=self.words(row.get("pending")),
            once_own=self.words(row.get("once_own")),
            silent_no=row.get("silence") == "no",
            silent_unless=self.words(row.get("silence_unless")),
            codes=self.codes(name, row.get("codes")),
            without=self.codes(name, row.get("except")),
            code_values=self.nested(name, row.get("code_values")),
            fasting_codes=self.codes(name, row.get("fasting_codes")),
            hint_codes=self.codes(name, row.get("hint_codes")),
            hint_without=self.codes(name, row.get("hint_except")),
            hint_days=int(self.positive(name, row, "hint_days") or 0) or None,
            hint_words=self.phrases(name, row),
            hint_below=self.below(name, row),
            once="once" in row,
            only_sex=cast('Literal["female", "male"]', str(row["only_sex"])) if "only_sex" in row else None,
            only_ages=self.ages(name, row, derivations),
            document="document" in row,
            one_paper=row.get("document") == "one",
            derived=str(row.get("derived", "")),
            line=line,
        )

    def positive(self, name: str, row: strict_yaml.Mapping, key: str) -> Fraction | None:
        if key not in row:
            return None
        try:
            value = number(str(row[key]))
        except ValueError:
            value = Fraction(0)
        if value <= 0:
            raise PolicyFaults.at_line(self.file, row.key_lines[key], f"{name}: expected {key}, a number above zero")
        return value

    def ages(self, name: str, row: strict_yaml.Mapping, derivations: Mapping[str, str]) -> tuple[int, int] | None:
        """Read the two ages that ``only_ages`` names; each is a whole number of the derivations."""
        if "only_ages" not in row:
            return None
        match [derivations.get(one, "") for one in self.words(row["only_ages"])]:
            case [youngest, oldest] if youngest.isdecimal() and oldest.isdecimal() and int(youngest) <= int(oldest):
                return int(youngest), int(oldest)
        wanted = "two names of derivations that are whole years, the younger first"
        raise PolicyFaults.at_line(self.file, row.key_lines["only_ages"], f"{name}: expected only_ages, {wanted}")

    def phrases(self, name: str, row: strict_yaml.Mapping) -> tuple[str, ...]:
        found = self.words(row.get("hint_words"))
        if "hint_words" in row and not (found and all(_PHRASE.fullmatch(phrase) for phrase in found)):
            wanted = "phrases of small letters and digits with one space between words"
            raise PolicyFaults.at_line(self.file, row.key_lines["hint_words"], f"{name}: expected hint_words, {wanted}")
        return found

    def below(self, name: str, row: strict_yaml.Mapping) -> Mapping[str, strict_yaml.Value]:
        if "hint_below" not in row:
            return {}
        below, line = row["hint_below"], row.key_lines["hint_below"]
        wanted = f"{name}: expected hint_below with loinc, value and unit, and most and units where they are given"
        if not isinstance(below, strict_yaml.Mapping) or set(below) - _BELOW or {"loinc", "value", "unit"} - set(below):
            raise PolicyFaults.at_line(self.file, line, wanted)
        value, most = self.positive(name, below, "value"), self.positive(name, below, "most")
        if value is None or (most is not None and most <= value):
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected most above value")
        if not all(
            isinstance(below[key], strict_yaml.Sequence) and below[key]
            for key in {"loinc", "units", "words"} & set(below)
        ):
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected lists of LOINC codes, of units and of words")
        return below

    def derivations(self, listed: strict_yaml.Value | None) -> Mapping[str, str]:
        if listed is None:
            return {}
        if not isinstance(listed, strict_yaml.Mapping):
            raise PolicyFaults.at_line(self.file, 1, "expected a mapping under `derivations:`")
        found = {}
        for name, row in listed.items():
            value = row.get("value") if isinstance(row, strict_yaml.Mapping) else row
            if fault := names.FACT.fault("a name", name):
                raise PolicyFaults.at_line(self.file, listed.key_lines[name], fault)
            if not isinstance(value, strict_yaml.Text):
                raise PolicyFaults.at_line(self.file, listed.key_lines[name], f"{name}: expected a value")
            found[name] = str(value)
        return found

    def words(self, row: strict_yaml.Value | None) -> tuple[str, ...]:
        if row is None:
            return ()
        return tuple(str(part) for part in row) if isinstance(row, list) else (str(row),)

    def values(self, row: strict_yaml.Value | None, line: int) -> tuple[str, ...]:
        found = self.words(row)
        for value in found:
            if fault := names.OUTLINE.fault("a value", value):
                raise PolicyFaults.at_line(self.file, getattr(row, "line", line), fault)
        return found

    def codes(self, name: str, row: strict_yaml.Value | None) -> Codes:
        if row is None:
            return {}
        if not isinstance(row, strict_yaml.Mapping):
            raise PolicyFaults.at_line(self.file, 1, f"{name}: expected code systems with lists of codes")
        if unknown := sorted(set(row) - _SYSTEMS):
            raise PolicyFaults.at_line(self.file, row.line, f"{name}: no such code system {unknown[0]!r}")
        return {system: self.words(listed) for system, listed in row.items()}

    def nested(self, name: str, row: strict_yaml.Value | None) -> Mapping[str, Codes]:
        if not isinstance(row, strict_yaml.Mapping):
            return {}
        return {value: self.codes(name, codes) for value, codes in row.items()}


def extended(base: Vocabulary, path: Path) -> Vocabulary:
    """Lay further facts over a vocabulary, and further values over attributes that list theirs (``more values:``).

    A fact, a derivation or a value that is there already is refused, never changed and never there twice.
    """
    top = strict_yaml.read_file(path)
    PolicyFaults.raise_if(_repeated(base, top, str(path)))
    if "facts" not in top and _MORE & set(top):
        top["facts"] = strict_yaml.Mapping()
    more = _read(path, top, base.derivations)
    listed = top.get("more values", strict_yaml.Mapping())
    if not isinstance(listed, strict_yaml.Mapping):
        raise PolicyFaults.at_line(str(path), top.key_lines["more values"], "expected attributes with lists of values")
    wider = {name: _wider(base, name, row, path, listed.key_lines[name]) for name, row in listed.items()}
    both = hashlib.sha256(f"{base.sha256}{more.sha256}".encode()).hexdigest()
    return Vocabulary({**base.facts, **wider, **more.facts}, {**base.derivations, **more.derivations}, both)


def _repeated(base: Vocabulary, top: strict_yaml.Mapping, file: str) -> Iterator[Fault]:
    """Yield each fact and derivation that is there already, with its line."""
    for key, kind, known in (("facts", "fact", base.facts), ("derivations", "derivation", base.derivations)):
        listed = top.get(key)
        if isinstance(listed, strict_yaml.Mapping):
            for name in listed:
                if name in known:
                    said = f"the {kind} {name} is in the shipped vocabulary, or in that of another folder"
                    yield Fault.at_line(file, listed.key_lines[name], said)


def _wider(base: Vocabulary, name: str, row: strict_yaml.Value, path: Path, line: int) -> Fact:
    fact = base.facts.get(name)
    if fact is None or not fact.values or fact.values in (("date",), ("number",), ("integer",)):
        raise PolicyFaults.at_line(
            str(path), line, f"{name} is no attribute with listed values in the shipped vocabulary"
        )
    values = _Reader(str(path)).values(row, line)
    for place, value in enumerate(values):
        if value in values[:place] or (value in fact.values and value not in fact.once_own):
            raise PolicyFaults.at_line(str(path), line, f"{name} has the value {value!r} already")
    return replace(fact, values=tuple(dict.fromkeys((*fact.values, *values))))
