"""What every section of a file of clocks is read with: lines of text, figures, sources; faults with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, cast

from priorauth.errors import Fault
from priorauth.ledger.clocks.rules import UNITS, Amount, Extension, Figure, Kind, Party, Source, Unit, Urgency
from priorauth.values import names
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text, Value

LONGEST: Final = 1_000
MOST: Final = 1_000
_AMOUNT: Final = re.compile(r"(\d{1,4}) ([a-z ]+)", re.ASCII)
_SOURCED: Final = ("cite", "verified")


@dataclass(slots=True)
class Parts:
    """One pass over a file; faults are gathered, what is at fault is left out."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        """Add a fault of the file."""
        self.faults.append(Fault.at_line(self.file, line, message))

    def keys(self, row: Map, allowed: Iterable[str], what: str) -> None:
        """Refuse keys that have no meaning here."""
        known = sorted(allowed)
        for key in row:
            if key not in known:
                self.fault(row.key_lines[key], f"{what} has no key {key!r}; expected {', '.join(known)}")

    def mapping(self, value: Value | None, what: str, line: int = 1) -> Map:
        """Return a mapping; an empty one where there is none, with a fault where it is something else."""
        if isinstance(value, Map) and len(value) <= MOST:
            return value
        if value is not None:
            self.fault(getattr(value, "line", line), f"expected a mapping of at most {MOST:,} keys under `{what}:`")
        made = Map()
        made.line, made.key_lines = line, {}
        return made

    def rows(self, value: Value | None, what: str) -> list[Map]:
        """Return a list of mappings."""
        if value is None:
            return []
        if not isinstance(value, Sequence) or len(value) > MOST:
            self.fault(getattr(value, "line", 1), f"expected a list of at most {MOST:,} mappings under `{what}:`")
            return []
        return [self.mapping(row, what, getattr(row, "line", value.line)) for row in value]

    def named(self, kind: str, found: str, line: int) -> bool:
        """Whether a name is one; a fault where it is none."""
        problem = names.WORD.fault(kind, found)
        if problem:
            self.fault(line, problem)
        return problem is None

    def text(self, row: Map, key: str, *, wanted: bool = True) -> str:
        """Return a line of text; empty where it is left out and may be."""
        value = row.get(key)
        if value is None and not wanted:
            return ""
        if not isinstance(value, Text) or not 0 < len(value.strip()) <= LONGEST:
            line = row.key_lines.get(key, row.line)
            self.fault(line, f"expected `{key}:` with a text of at most {LONGEST:,} characters")
            return ""
        return " ".join(value.split())

    def one_of(self, row: Map, key: str, allowed: tuple[str, ...]) -> str:
        """Return one of a closed list of words; the first of them where there is a fault."""
        value = row.get(key)
        if isinstance(value, Text) and value in allowed:
            return str(value)
        found = "" if value is None else f", found {str(value)[:40]!r}"
        self.fault(row.key_lines.get(key, row.line), f"expected `{key}:` one of {', '.join(allowed)}{found}")
        return allowed[0]

    def words(self, row: Map, key: str, allowed: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return a list of words, none of them twice, all of a closed list where there is one."""
        value = row.get(key)
        if value is None:
            return ()
        line = row.key_lines[key]
        if not isinstance(value, Sequence) or not all(isinstance(part, Text) for part in value):
            self.fault(line, f"expected a list of words under `{key}:`")
            return ()
        known = None if allowed is None else tuple(allowed)
        found = tuple(str(part) for part in value)
        for part in found:
            if known is not None and part not in known:
                self.fault(line, f"expected `{key}:` of {', '.join(known)}; found {part[:40]!r}")
        if len(set(found)) < len(found):
            self.fault(line, f"a word stands twice under `{key}:`")
        return found

    def yes(self, row: Map, key: str) -> bool:
        """Whether a key says yes; left out is no."""
        return key in row and self.one_of(row, key, ("no", "yes")) == "yes"

    def whole(self, row: Map, key: str) -> int | None:
        """Return a small whole number from 1; None where it is left out."""
        value = row.get(key)
        if value is None:
            return None
        if isinstance(value, Text) and value.isascii() and value.isdecimal() and 1 <= int(value[:4]) <= MOST:
            return int(value[:4])
        self.fault(row.key_lines[key], f"expected `{key}:` with a whole number from 1")
        return None

    # ---- figures

    def source(self, row: Map) -> Source:
        """Return where something stands and whether it was held against that text."""
        return Source(self.text(row, "cite"), self.one_of(row, "verified", ("no", "yes")) == "yes")

    def figure(self, row: Map, key: str) -> Figure | None:
        """Return a figure; None where it is left out or at fault."""
        return None if key not in row else self._figure(row[key], key, row.key_lines[key])

    def needed(self, row: Map, key: str) -> Figure:
        """Return a figure that has to be there; a stand-in where it is not, beside a fault."""
        if key not in row:
            self.fault(row.line, f"expected `{key}:` with is, cite and verified")
        return self.figure(row, key) or Figure(Amount(0, "hours"), Source("", verified=False))

    def figures(self, row: Map, but: Iterable[str]) -> dict[str, Figure]:
        """Return every other key of a mapping, each of which has to be a figure."""
        found = {}
        for key, value in row.items():
            if key not in but:
                fact = names.FACT.fault("a figure's name", key)
                if fact:
                    self.fault(row.key_lines[key], fact)
                figure = self._figure(value, key, row.key_lines[key])
                if figure:
                    found[key] = figure
        return found

    def _figure(self, value: Value, key: str, line: int) -> Figure | None:
        if not isinstance(value, Map):
            self.fault(line, f"expected `{key}: {{is, cite, verified}}`")
            return None
        self.keys(value, ("is", *_SOURCED), f"`{key}:`")
        amount = self.amount(value)
        source = self.source(value)
        return None if amount is None else Figure(amount, source)

    def amount(self, row: Map) -> Amount | None:
        """Read `is:`, as in `7 calendar days`."""
        text = self.text(row, "is")
        match = _AMOUNT.fullmatch(text)
        if match and match[2] in UNITS:
            return Amount(int(match[1]), cast("Unit", match[2]))
        if text:
            units = ", ".join(UNITS)
            self.fault(row.key_lines["is"], f"expected `is:` with a number and one of {units}, found {text[:40]!r}")
        return None

    def extension(self, value: Value | None, grounds: Iterable[str], line: int) -> Extension | None:
        """Read who may lengthen a clock, by how much, on which of the grounds."""
        if value is None:
            return None
        row = self.mapping(value, "extension", line)
        self.keys(row, ("by", "who", "grounds", "times", "says"), "an extension")
        listed = self.words(row, "grounds", grounds)
        if not listed:
            self.fault(row.line, "expected `grounds:` with at least one ground")
        by = self.needed(row, "by")
        if by.amount.unit != "calendar days":
            self.fault(row.line, "expected an extension in calendar days")
        return Extension(
            by,
            listed,
            cast("Party", self.one_of(row, "who", ("plan", "member", "provider"))),
            self.whole(row, "times"),
            self.text(row, "says", wanted=False),
        )


def urgency(parts: Parts, row: Map) -> Urgency:
    """Read how urgent the requests of a row are."""
    return cast("Urgency", parts.one_of(row, "urgency", ("standard", "expedited")))


def kinds(parts: Parts, row: Map, allowed: tuple[str, ...]) -> tuple[Kind, ...]:
    """Read which kinds of request a row is for."""
    return cast("tuple[Kind, ...]", parts.words(row, "kinds", allowed))
