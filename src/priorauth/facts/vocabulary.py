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
OTHER = "other"
"""The value of an attribute of devices that is none of the devices listed."""
PATH = Path(__file__).parent.parent / "policies" / "vocabulary.yaml"
_SYSTEMS = {"icd10cm", "icd9cm", "snomed", "loinc", "rxnorm", "atc", "hcpcs", "hcpcs_modifier", "icd10pcs"}
MOST = 100_000
"""More than any unit of a product holds."""
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
    "requested_together": ("attestation",),
    "approved": ("event",),
    "requested_units": ("measurement",),
}
"""The kinds of fact that may bear a key, where not every kind may."""
_KEYS = {
    "kind", "unit", "resolution", "worse", "values", "value_codes", "value_names", "pending", "once_own", "silence",
    "silence_unless", "codes", "except", "code_values", "fasting_codes", "hint_codes", "hint_except", "hint_days",
    "hint_words", "hint_below", "only_sex", "once", "only_ages", "requested_together", "approved", "requested_units",
    "derived", "document", "asked_of", "ask", "used_by",
}  # fmt: skip


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
    value_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names, in small letters, by which a device or an order for one may say a value, beside the value's own."""
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
    together: Codes = field(default_factory=dict)
    """Products of which another item of the same request makes the fact a yes, and their absence a no."""
    approved: Codes = field(default_factory=dict)
    """Products of which an earlier approval by the payer of the request is such an event."""
    requested: Mapping[str, int] = field(default_factory=dict)
    """Products by their HCPCS code of which a request makes a row of its own, and how many the fact counts of one."""
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
    top = strict_yaml.read_file(path)
    listed = top.get("facts")
    if not isinstance(listed, strict_yaml.Mapping):
        raise PolicyFaults.at_line(str(path), 1, "expected `facts:`")
    reader = Reader(str(path))
    numbers = reader.derivations(top.get("derivations"))
    facts = {name: reader.fact(name, row, listed.key_lines[name], numbers) for name, row in listed.items()}
    return Vocabulary(facts, numbers, hashlib.sha256(strict_yaml.file_bytes(path)).hexdigest())


def typed(values: tuple[str, ...]) -> bool:
    """Whether an attribute lists no values and is a date or a number instead."""
    return values in (("date",), ("number",), ("integer",))


class Reader(Struct, frozen=True):
    """Reads facts and derivations of one file; each method raises PolicyFaults with the first fault that it meets."""

    file: str

    def fact(self, name: str, row: strict_yaml.Value, line: int, derivations: Mapping[str, str]) -> Fact:
        """Read one fact."""
        if fault := names.FACT.fault("a fact's name", name):
            raise PolicyFaults.at_line(self.file, line, fault)
        if not isinstance(row, strict_yaml.Mapping):
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected a mapping")
        PolicyFaults.raise_if(self.unknown(name, row))
        kind = str(row.get("kind", ""))
        if kind not in KINDS:
            wanted = f"{name}: expected kind, one of {', '.join(KINDS)}; found {kind!r}"
            raise PolicyFaults.at_line(self.file, line, wanted)
        if "ask" not in row:
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected the question, `ask:`")
        if kind in ("measurement", "regimen") and "unit" not in row:
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected the unit of a {kind}, `unit:`")
        for key, words in _WORDS.items():
            if key in row and row[key] not in words:
                said = f"{name}: expected {key}, one of {', '.join(words)}"
                raise PolicyFaults.at_line(self.file, row.key_lines[key], said)
        for key, kinds in _ONLY_OF.items():
            if key in row and kind not in kinds:
                raise PolicyFaults.at_line(
                    self.file, row.key_lines[key], f"{name}: expected {key} of a {' or '.join(kinds)} only"
                )
        self.listing(name, kind, row)
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
            value_names=self.named(name, row),
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
            together=self.codes(name, row.get("requested_together")),
            approved=self.codes(name, row.get("approved")),
            requested=self.requested(name, row),
            document="document" in row,
            one_paper=row.get("document") == "one",
            derived=str(row.get("derived", "")),
            line=line,
        )

    def unknown(self, name: str, row: strict_yaml.Mapping) -> Iterator[Fault]:
        """Yield the keys that no fact has."""
        for key, line in row.key_lines.items():
            if key not in _KEYS:
                yield Fault.at_line(self.file, line, f"{name}: no such key {key!r}{names.near(key, _KEYS)}")

    def listing(self, name: str, kind: str, row: strict_yaml.Mapping) -> None:
        """Hold an attribute to a list of values, other kinds to none, and codes of values to values that are listed."""
        if (kind == "attribute") != ("values" in row):
            said = "expected the values of an attribute, `values:`" if kind == "attribute" else "expected values of an "
            said += "" if kind == "attribute" else "attribute only"
            raise PolicyFaults.at_line(self.file, row.key_lines.get("values", row.line), f"{name}: {said}")
        known = self.words(row.get("values"))
        for key in ("value_codes", "value_names"):
            listed = row.get(key)
            if not isinstance(listed, strict_yaml.Mapping):  # which `nested` and `named` refuse
                continue
            for value in listed:
                if value not in known or typed(known):
                    said = f"{name}: {key}: {value!r} is no value of it{names.near(value, known)}"
                    raise PolicyFaults.at_line(self.file, listed.key_lines[value], said)

    def positive(self, name: str, row: strict_yaml.Mapping, key: str) -> Fraction | None:
        """Read a number above zero; None where there is none."""
        if key not in row:
            return None
        try:
            value = number(str(row[key]))
        except ValueError:
            value = Fraction(0)
        if value <= 0:
            raise PolicyFaults.at_line(self.file, row.key_lines[key], f"{name}: expected {key}, a number above zero")
        return value

    def requested(self, name: str, row: strict_yaml.Mapping) -> Mapping[str, int]:
        """Read how many of each product's unit the fact counts: whole numbers above zero."""
        listed = row.get("requested_units", strict_yaml.Mapping())
        if not isinstance(listed, strict_yaml.Mapping):
            wanted = "HCPCS codes, each with how many a unit of it holds"
            raise PolicyFaults.at_line(self.file, row.key_lines["requested_units"], f"{name}: expected {wanted}")
        for code, count in listed.items():
            if not (isinstance(count, str) and count.isdecimal() and count.isascii() and 0 < int(count[:9]) < MOST):
                wanted = f"requested_units: expected a whole number above zero of {code}"
                raise PolicyFaults.at_line(self.file, listed.key_lines[code], f"{name}: {wanted}")
        return {code: int(str(count)) for code, count in listed.items()}

    def ages(self, name: str, row: strict_yaml.Mapping, derivations: Mapping[str, str]) -> tuple[int, int] | None:
        """Read the two ages that ``only_ages`` names; each is a whole number of the derivations."""
        if "only_ages" not in row:
            return None
        match [derivations.get(one, "") for one in self.words(row["only_ages"])]:
            case [youngest, oldest] if youngest.isdecimal() and oldest.isdecimal() and int(youngest) <= int(oldest):
                return int(youngest), int(oldest)
        wanted = "two names of derivations that are whole years, the younger first"
        raise PolicyFaults.at_line(self.file, row.key_lines["only_ages"], f"{name}: expected only_ages, {wanted}")

    def phrases(self, name: str, row: strict_yaml.Mapping, key: str = "hint_words") -> tuple[str, ...]:
        """Read the phrases under a key."""
        found = self.words(row.get(key))
        if key in row and not (found and all(_PHRASE.fullmatch(phrase) for phrase in found)):
            wanted = "phrases of small letters and digits with one space between words"
            raise PolicyFaults.at_line(self.file, row.key_lines[key], f"{name}: expected {key}, {wanted}")
        return found

    def named(self, name: str, row: strict_yaml.Mapping) -> Mapping[str, tuple[str, ...]]:
        """Read ``value_names``: the names of values, each of one value alone."""
        listed = row.get("value_names")
        if listed is None:
            return {}
        if not isinstance(listed, strict_yaml.Mapping):
            line = row.key_lines["value_names"]
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected names by the value that they stand for")
        found = {value: self.phrases(f"{name}: value_names", listed, value) for value in listed}
        of: dict[str, str] = {}
        for value, phrases in found.items():
            for phrase in phrases:
                if of.setdefault(phrase, value) != value:
                    said = f"{name}: value_names: {phrase!r} names {of[phrase]} already"
                    raise PolicyFaults.at_line(self.file, listed.key_lines[value], said)
        return found

    def below(self, name: str, row: strict_yaml.Mapping) -> Mapping[str, strict_yaml.Value]:
        """Read ``hint_below``."""
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
        """Read the named numbers and codes of the derivations."""
        if listed is None:
            return {}
        if not isinstance(listed, strict_yaml.Mapping):
            raise PolicyFaults.at_line(self.file, 1, "expected a mapping under `derivations:`")
        return {name: self.derivation(name, row, listed.key_lines[name]) for name, row in listed.items()}

    def derivation(self, name: str, row: strict_yaml.Value, line: int) -> str:
        """Read one named number or code of the derivations."""
        value = row.get("value") if isinstance(row, strict_yaml.Mapping) else row
        if fault := names.FACT.fault("a name", name):
            raise PolicyFaults.at_line(self.file, line, fault)
        if not isinstance(value, strict_yaml.Text):
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected a value")
        return str(value)

    def words(self, row: strict_yaml.Value | None) -> tuple[str, ...]:
        """Read a list of words, or one word."""
        if row is None:
            return ()
        return tuple(str(part) for part in row) if isinstance(row, list) else (str(row),)

    def values(self, row: strict_yaml.Value | None, line: int) -> tuple[str, ...]:
        """Read the values of an attribute."""
        found = self.words(row)
        for value in found:
            if fault := names.OUTLINE.fault("a value", value):
                raise PolicyFaults.at_line(self.file, getattr(row, "line", line), fault)
        return found

    def codes(self, name: str, row: strict_yaml.Value | None) -> Codes:
        """Read codes by code system."""
        if row is None:
            return {}
        if not isinstance(row, strict_yaml.Mapping):
            line = getattr(row, "line", 1)
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected code systems with lists of codes")
        if unknown := sorted(set(row) - _SYSTEMS):
            said = f"{name}: no such code system {unknown[0]!r}{names.near(unknown[0], _SYSTEMS)}"
            raise PolicyFaults.at_line(self.file, row.line, said)
        return {system: self.words(listed) for system, listed in row.items()}

    def nested(self, name: str, row: strict_yaml.Value | None) -> Mapping[str, Codes]:
        """Read codes by the value that they stand for."""
        if row is None:
            return {}
        if not isinstance(row, strict_yaml.Mapping):
            line = getattr(row, "line", 1)
            raise PolicyFaults.at_line(self.file, line, f"{name}: expected codes by the value that they stand for")
        return {value: self.codes(name, codes) for value, codes in row.items()}
