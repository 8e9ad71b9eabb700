"""The loader: a policy file into its tree, with every fault collected and none repaired.

Faults name the file, the line, what was found and what was expected; of a leaf the text stands below with a caret. The
shape of the file is told in docs/how-to-write-a-policy.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from msgspec import Struct, field

from priorauth.errors import Fault
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.check import Checker
from priorauth.language.parse import MAX_CHARACTERS, LeafFault, Reading, parse, parse_reading
from priorauth.policy import labelled
from priorauth.policy.device_labels import Labels
from priorauth.policy.tree import Criterion, Group, Kind, Leaf, NamedReading, walk
from priorauth.values import names, strict_yaml
from priorauth.values.dates import FIRST_DAY
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text, Value
from priorauth.values.units import Units

MAX_CRITERIA = 2_000
MAX_DIGITS = 9
"""Of a whole number that is no value of a fact: a count of parts, of months granted, of encodings."""
ONLY_FOR = "only for"
PRODUCT, PRODUCT_KIND = "product_code", "pump_category"
"""The facts whose values `only for:` lists: codes, and kinds of product."""
_MARKS = re.compile("[._-]")
_TESTS = ("when", "all", "any", "at least", "none of", "ways", labelled.KEY, "import")
_CRITERION = {"id", "also", "title", "reading", "says", "only when", ONLY_FOR, "or", "of", *_TESTS}
Imported = Callable[[str], "Criterion | str"]


class Reader(Struct):
    """One pass over the criteria of a policy file."""

    file: str
    vocabulary: Vocabulary
    units: Units
    readings: Mapping[str, Reading] = field(default_factory=dict)
    imported: Imported | None = None
    labels: Callable[[], Labels] | None = None
    """Gives the table of what the labels of devices say, where there is one."""
    since: int = FIRST_DAY
    """The first day of the version."""
    faults: list[Fault] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    products: dict[str, int] = field(default_factory=dict)
    """The product codes of every `only for:`, each with its line."""
    count: int = 0

    def fault(self, line: int, message: str) -> None:
        """Add a fault of the file."""
        self.faults.append(Fault.at_line(self.file, line, message))

    # ---- criteria

    def criteria(self, value: Value | None, what: str) -> tuple[Criterion, ...]:
        """Read a list of criteria; None is an empty list."""
        if value is None:
            return ()
        if not isinstance(value, Sequence):
            self.fault(getattr(value, "line", 1), f"expected a list under `{what}:`")
            return ()
        return tuple(found for part in value if (found := self.criterion(part)))

    def criterion(self, value: Value) -> Criterion | None:
        """Read one criterion: a line of the language, or a mapping."""
        self.count += 1
        if self.count > MAX_CRITERIA:
            if self.count == MAX_CRITERIA + 1:
                self.fault(getattr(value, "line", 1), f"expected at most {MAX_CRITERIA} criteria")
            return None
        if isinstance(value, Text):
            leaf = self.leaf(value)
            return Criterion(leaf, line=value.line) if leaf else None
        if not isinstance(value, Map):
            self.fault(value.line, "expected a criterion: a line of the language or a mapping")
            return None
        self.keys(value, _CRITERION, "a criterion")
        tests = [key for key in _TESTS if key in value]
        if len(tests) != 1:
            self.fault(
                value.line, f"expected exactly one of {', '.join(_TESTS)}; found {' and '.join(tests) or 'none'}"
            )
            return None
        test = self.test(tests[0], value)
        if test is None:
            return None
        if "or" in value:
            inner = Criterion(test, line=value.line)
            beside = value["or"]
            others = [self.criterion(part) for part in (beside if isinstance(beside, Sequence) else [beside])]
            test = Group("any", (inner, *(other for other in others if other)))
        guard = self.guard(value)
        return Criterion(
            test,
            id=self.identity(value),
            also=self.also(value),
            title=self.title(value),
            guard=guard,
            reading=_text(value, "reading"),
            says=_text(value, "says"),
            line=value.line,
        )

    def guard(self, value: Map) -> Criterion | None:
        """Read what a criterion applies to: items (`only for:`), cases (`only when:`), both where both stand."""
        when = self.criterion(value["only when"]) if "only when" in value else None
        items = self.items(value) if ONLY_FOR in value else None
        if when is None or items is None:
            return items or when
        return Criterion(Group("all", (items, when), 2), line=value.line)

    def items(self, value: Map) -> Criterion | None:
        """Read `only for:` as the condition that the item of the request is one of these products."""
        line = value.key_lines[ONLY_FOR]
        one = value[ONLY_FOR]
        listed = (str(one),) if isinstance(one, Text) else self.words(value, ONLY_FOR)
        self.products |= {one: line for one in listed if one in self.vocabulary[PRODUCT].values}
        known = {fact: self.vocabulary[fact].values for fact in (PRODUCT, PRODUCT_KIND) if fact in self.vocabulary}
        every = [product for values in known.values() for product in values]
        unknown = [product for product in listed if product not in every]
        for product in unknown:
            said = f"`{ONLY_FOR}:` names no product or kind of product: {product!r}{names.near(product, every)}"
            self.fault(line, said)
        if not listed:
            self.fault(line, f"expected products under `{ONLY_FOR}:`, as [E0784, A9274]")
        if unknown or not listed:
            return None
        parts = [_is_one(fact, [one for one in listed if one in values], line) for fact, values in known.items()]
        found = [part for part in parts if part is not None]
        return found[0] if len(found) == 1 else Criterion(Group("any", tuple(found)), line=line)

    def test(self, key: str, value: Map) -> Leaf | Group | None:
        """Read what a criterion tests."""
        if key == "when":
            return self.leaf(value["when"])
        if key == "import":
            return self.import_(value)
        if key == labelled.KEY:
            return labelled.within(self, value)
        kind = cast("Kind", key)
        if key == "at least":
            wanted = value["at least"]
            parts = self.criteria(value.get("of"), "of")
            k = whole(wanted) if isinstance(wanted, Text) else None
            if k is None or not 1 <= k <= len(parts):
                self.fault(value.line, "expected `at least: k` with `of:` a list of k parts or more")
                return None
            return Group(kind, parts, k)
        parts = self.criteria(value[key], key)
        if not parts:
            self.fault(value.line, f"expected at least one part under `{key}:`")
            return None
        return Group(kind, parts, len(parts) if key == "all" else 1)

    def import_(self, value: Map) -> Group | None:
        """Put the tree of another policy in this place."""
        found = self.imported(str(value["import"])) if self.imported else "imports are not possible here"
        if isinstance(found, str):
            self.fault(value.line, found)
            return None
        self.count += sum(1 for _ in walk(found))
        if self.count > MAX_CRITERIA:
            self.fault(value.line, f"expected at most {MAX_CRITERIA} criteria, imported ones included")
            return None
        return Group("all", (found,))

    def leaf(self, value: Value) -> Leaf | None:
        """Read one line of the language and check it; faults carry the text with a caret."""
        if not isinstance(value, Text):
            self.fault(getattr(value, "line", 1), "expected one line of the language")
            return None
        text = " ".join(value.split())
        if len(text) > MAX_CHARACTERS:
            self.fault(value.line, f"expected at most {MAX_CHARACTERS} characters, found {len(text):,}")
            return None
        try:
            form = parse(text, self.readings)
        except LeafFault as fault:
            self.fault(value.line, f"{fault.message}\n    {text}\n    {' ' * (fault.column - 1)}^")
            return None
        checker = Checker(self.vocabulary, self.units)
        form = checker.check(form)
        for said in checker.faults:
            self.fault(value.line, f"{said}\n    {text}\n    ^")
        readings = contents.readings_of(form)
        self.used.update(readings)
        return Leaf(text, form, readings)

    # ---- keys that criteria, routes and pathways share

    def keys(self, value: Map, allowed: set[str], what: str) -> None:
        """Refuse keys that have no meaning here."""
        for key in value:
            if key not in allowed:
                said = f"{what} has no key {key!r}; expected {', '.join(sorted(allowed))}{names.near(key, allowed)}"
                self.fault(value.key_lines[key], said)

    def identity(self, value: Map) -> str | None:
        """Read an outline id and hold it to be the only one of its kind."""
        found = _text(value, "id")
        if found:
            self.claim(found, value.key_lines["id"])
        return found

    def also(self, value: Map) -> tuple[str, ...]:
        """Read the further ids that a node encodes."""
        listed = self.words(value, "also")
        for other in listed:
            self.claim(other, value.key_lines["also"])
        return listed

    def claim(self, found: str, line: int) -> None:
        """Note that an id stands here; one that is no name is a fault, and so is one twice, marks and case aside."""
        if not self.named(names.OUTLINE, "an id", found, line):
            return
        plain = _MARKS.sub("_", found.lower())
        if plain in self.ids:
            self.fault(line, f"the id {found} stands already in line {self.ids[plain]}")
        self.ids.setdefault(plain, line)

    def named(self, pattern: names.Pattern, kind: str, found: str, line: int) -> bool:
        """Hold a name to what names of its kind look like; False with a fault where it is none."""
        fault = pattern.fault(kind, found)
        if fault:
            self.fault(line, fault)
        return fault is None

    def title(self, value: Map) -> str | None:
        """Read a title; a criterion with an id needs one."""
        found = _text(value, "title")
        if found is None and "id" in value:
            self.fault(value.line, f"{value['id']}: expected a title in our own words")
        return found

    def words(self, value: Map, key: str) -> tuple[str, ...]:
        """Read a list of words."""
        listed = value.get(key)
        if listed is None:
            return ()
        if not isinstance(listed, Sequence) or not all(isinstance(part, Text) for part in listed):
            self.fault(value.key_lines[key], f"expected a list of words under `{key}:`")
            return ()
        return tuple(str(part) for part in listed)

    def named_readings(self, value: Value | None, overrides: Mapping[str, str]) -> Mapping[str, NamedReading]:
        """Read `readings:`; an override replaces the value where its kind and the allowed span admit it."""
        if value is None:
            value = Map()
        if not isinstance(value, Map):
            self.fault(getattr(value, "line", 1), "expected a mapping under `readings:`")
            return {}
        found: dict[str, NamedReading] = {}
        for name, row in value.items():
            line = value.key_lines[name]
            if not self.named(names.FACT, "a reading's name", name, line):
                continue
            if not isinstance(row, Map) or "value" not in row or "why" not in row or "who" not in row:
                self.fault(line, f"reading {name}: expected value, why and who")
                continue
            self.keys(row, {"value", "allowed", "why", "who"}, f"reading {name}")
            text = overrides.get(name, str(row["value"]))
            try:
                amount = parse_reading(text, name)
                standard = parse_reading(str(row["value"]), name)
                allowed = _text(row, "allowed")
                if fault := outside(amount, standard, allowed, name):
                    self.fault(line, fault)
            except LeafFault as fault_:
                self.fault(line, fault_.message)
                continue
            found[name] = NamedReading(name, amount, text, allowed, str(row["why"]), str(row["who"]), line)
        self.readings = {name: reading.value for name, reading in found.items()}
        return found


def _is_one(fact: str, values: list[str], line: int) -> Criterion | None:
    """Return the criterion that an attribute has one of some values; None where there are none."""
    if not values:
        return None
    text = f"{fact} is one of {', '.join(values)}" if len(values) > 1 else f"{fact} is {values[0]}"
    return Criterion(Leaf(text, f.Is(fact, tuple(values))), line=line)


def whole(text: str) -> int | None:
    """Read a whole number of at most MAX_DIGITS digits; None where it is none."""
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None


def outside(amount: Reading, standard: Reading, allowed: str | None, name: str) -> str | None:
    """Return what is wrong with a value of a reading: another kind or unit, or out of the span."""
    if type(amount) is not type(standard) or _unit(amount) != _unit(standard):
        return f"reading {name}: expected a value like {_shown(standard)}, found {_shown(amount)}"
    if allowed is None:
        return None
    low, dots, high = allowed.partition("..")
    if not dots:
        return f"reading {name}: expected `allowed: low..high`"
    unit = _unit(standard)
    ends = [parse_reading(end if " " in end.strip() or unit is None else f"{end} {unit}", name) for end in (low, high)]
    if any(type(end) is not type(standard) or _unit(end) != _unit(standard) for end in ends):
        return f"reading {name}: expected `allowed:` with values like {_shown(standard)}, found {allowed}"
    if not _size(ends[0]) <= _size(amount) <= _size(ends[1]):
        return f"reading {name}: expected {allowed}, found {_shown(amount)}"
    return None


def _unit(reading: Reading) -> str | None:
    return "length" if isinstance(reading, f.Length) else reading.unit


def _shown(reading: Reading) -> str:
    return str(reading.duration) if isinstance(reading, f.Length) else reading.text


def _size(reading: Reading) -> float:
    if isinstance(reading, f.Length):
        return reading.duration.count * {"day": 1.0, "week": 7.0, "month": 30.5, "year": 366.0}[reading.duration.unit]
    return float(reading.value)


def _text(value: Map, key: str) -> str | None:
    found = value.get(key)
    return str(found) if isinstance(found, Text) else None


def read_mapping(path: Path) -> tuple[Map, str]:
    """Read a policy file's YAML and the hash of its bytes; raises PolicyFaults."""
    data = strict_yaml.file_bytes(path)
    return strict_yaml.read_bytes(data, str(path)), hashlib.sha256(data).hexdigest()
