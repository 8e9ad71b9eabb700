"""A notation for rows: facts written by hand in YAML, for the cases beside a policy and for conformance files.

::

    hba1c:                       # measurement: a value and a day (or a partial date), or none
      - {on: 2026-10-02, value: 8.1 %, source: record, ref: a1c-3}
      - {value: "> 14 %", source: answer}
    prescriber_visit: [2026-01-10, {on: 2026-04-08}]          # event; with `value:` where it carries a number
    glucose_self_test:
      - {daily: 4, from: 2026-10-22, until: 2026-11-20}       # four a day, both days included
      - {whole: true, from: 2026-10-22, until: 2026-11-20}    # the record is complete over this span
    insulin_injections: [{value: 4 /d, from: 2025-06-10}]     # regimen; no `until`: still so
    diabetes: [{from: 2008-10-06}]                            # condition; `value: no` absent, `value: maybe` a hint
    motivated: yes                                            # attestation, judgment, attribute: one statement
    request_kind: initial
    prescription_signed_on: 2026-11-02

    unable_to_monitor_glucose: {is: yes, mention: not read}   # a mention, of any fact: it settles nothing

``source`` is record (where left out), answer, judgment, ledger, document, proposal or shown; a judgment fact is a
judgment where left out.
``ref`` is ``<fact>-<n>`` where left out. A statement (`is:`) may carry `on:`, the day on which it was made, and of an
attestation or attribute `by:`, the roles of who made it: one or a list, with `?` behind one that is not certain, or
`none` for somebody of whom all roles are known and who has none of them. Left out, nothing is known of who made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from priorauth.errors import PolicyFaults
from priorauth.facts.roles import roles
from priorauth.facts.rows import MAYBE, SETTLE, Answer, Event, Measurement, Period, Row, Source, Whole, mentioned
from priorauth.facts.vocabulary import Fact, Kind, Vocabulary
from priorauth.values import dates, names
from priorauth.values.dates import ANY_DAY, LAST_DAY, When
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text, Value
from priorauth.values.units import Units, multiples, number

_DATED = frozenset({"on", "value", "source", "ref", "from", "until", "daily", "whole", "mention"})
_KEYS: Mapping[Kind, frozenset[str]] = {
    "measurement": _DATED | {"specimen"},
    "event": _DATED,
    "regimen": frozenset({"value", "is", "source", "ref", "from", "until", "mention"}),
    "condition": frozenset({"value", "is", "source", "ref", "from", "until", "mention"}),
    "attestation": frozenset({"is", "on", "source", "ref", "mention", "by"}),
    "attribute": frozenset({"is", "on", "source", "ref", "mention", "by"}),
    "judgment": frozenset({"is", "on", "source", "ref", "mention"}),
}
MAX_DAILY = 100_000
"""The most rows that one `daily:` makes: seventy years of four a day."""
_QUANTITY = re.compile(r"(<=|>=|<|>)?\s*(-?\d+(?:\.\d+)?)\s*(.*)")
_CONDITION = {"yes": (1, 1), "no": (0, 0), "maybe": (0, 1)}


@dataclass(frozen=True, slots=True)
class Notation:
    """Reads rows written by hand against one vocabulary; faults are PolicyFaults with file and line."""

    file: str
    vocabulary: Vocabulary
    units: Units

    def rows(self, given: Value | None) -> Mapping[str, tuple[Row, ...]]:
        """Read a mapping of facts to rows."""
        if given is None:
            return {}
        if not isinstance(given, Map):
            raise PolicyFaults.at_line(self.file, getattr(given, "line", 1), "expected facts with their rows")
        found: dict[str, tuple[Row, ...]] = {}
        for name, value in given.items():
            fact = self.fact(name, given.key_lines[name])
            listed = value if isinstance(value, Sequence) else [value]
            found[name] = tuple(row for place, part in enumerate(listed, 1) for row in self.part(fact, part, place))
        return found

    def fact(self, name: str, line: int) -> Fact:
        """Find a fact; `settle.<criterion>` is a judgment that every vocabulary has."""
        if name.startswith(SETTLE):
            return Fact(name, "judgment", "")
        if name not in self.vocabulary:
            near = names.near(name, self.vocabulary)
            raise PolicyFaults.at_line(self.file, line, f"no fact is named {name!r}{near}")
        return self.vocabulary[name]

    def part(self, fact: Fact, part: Value, place: int) -> Iterator[Row]:
        """Read one entry of a fact; a plain word is a day of an event, else a statement."""
        if isinstance(part, Text):
            made = Map()
            made.line, made.key_lines = part.line, {}
            made["on" if fact.kind == "event" else "is"] = part
            part = made
        keys = _KEYS[fact.kind]
        if not isinstance(part, Map) or set(part) - keys:
            raise PolicyFaults.at_line(
                self.file, part.line, f"{fact.name}: expected the keys {', '.join(sorted(keys))}"
            )
        try:
            for row in self.read(fact, part, str(part.get("ref", f"{fact.name}-{place}"))):
                if "mention" in part and not isinstance(row, Whole):
                    yield mentioned(row, str(part["mention"]), regimen=fact.kind == "regimen")
                else:
                    yield row
        except KeyError as fault:
            raise PolicyFaults.at_line(self.file, part.line, f"{fact.name}: expected `{fault.args[0]}:`") from None
        except ValueError as fault:
            raise PolicyFaults.at_line(self.file, part.line, f"{fact.name}: {fault}") from None

    def read(self, fact: Fact, part: Map, ref: str) -> Iterator[Row]:
        """Read one entry by the kind of its fact."""
        standard = "judgment" if fact.kind == "judgment" else "record"
        source = Source(_one_of(str(part.get("source", standard)), tuple(Source)))
        if "whole" in part:
            yield Whole(fact.name, source, ref, *_span(part))
            return
        match fact.kind:
            case "measurement" | "event":
                yield from self.dated(fact, part, source, ref)
            case "regimen" | "condition":
                yield self.period(fact, part, source, ref)
            case _:
                yield self.statement(fact, part, source, ref)

    def dated(self, fact: Fact, part: Map, source: Source, ref: str) -> Iterator[Row]:
        """Read measurements or events: one, or so many a day."""
        if "daily" in part:
            first, last = _span(part)
            turns = str(part["daily"])
            if not turns.isdecimal() or (last - first + 1) * int(turns[:9]) > MAX_DAILY:
                raise ValueError(f"expected `daily:` a whole number, with at most {MAX_DAILY:,} rows in all")
            for day in range(first, last + 1):
                for turn in range(int(turns)):
                    yield self.row(fact, part, source, f"{ref}-{dates.iso(day)}-{turn + 1}", When(day, day))
            return
        when = dates.read(str(part["on"])) if "on" in part else ANY_DAY
        yield self.row(fact, part, source, ref, when)

    def row(self, fact: Fact, part: Map, source: Source, ref: str, when: When) -> Row:
        """Make one measurement or event."""
        low = high = None
        low_open = high_open = False
        fault = None
        if "value" in part:
            low, high, low_open, high_open, fault = self.quantity(fact, str(part["value"]))
        if fact.kind == "event":
            return Event(fact.name, source, ref, when.first, when.last, when.minute, low, high)
        specimen = str(part["specimen"]) if "specimen" in part else None
        span = (when.first, when.last, when.minute)
        return Measurement(fact.name, source, ref, *span, low, high, low_open, high_open, specimen, fault)

    def quantity(self, fact: Fact, text: str) -> tuple[int | None, int | None, bool, bool, str | None]:
        """Read ``8.1 %`` or ``> 14 %`` into ends in whole multiples of the resolution."""
        found = _QUANTITY.fullmatch(text)
        if found is None:
            msg = f"expected a number with a unit, found {text!r}"
            raise ValueError(msg)
        op, value, unit = found.groups()
        conversion = self.units.conversion(fact.name, unit or "1")
        if conversion is None:
            return None, None, False, False, f"unit {unit or '1'} does not become {fact.unit}"
        whole = multiples(conversion.apply(number(value)), fact.resolution)
        match op:
            case None:
                return whole, whole, False, False, None
            case ">" | ">=":
                return whole, None, op == ">", False, None
            case _:
                return None, whole, False, op == "<", None

    def period(self, fact: Fact, part: Map, source: Source, ref: str) -> Period:
        """Read a stretch of a regimen or condition."""
        if "is" in part:
            part = part | {"value": part["is"]}  # type: ignore[assignment]  # plain keys suffice from here on
        start = dates.read(str(part["from"])) if "from" in part else When(dates.FIRST_DAY, dates.FIRST_DAY)
        until = str(part.get("until", "open"))
        end = When(LAST_DAY, LAST_DAY) if until == "open" else dates.read(until)
        if end.last < start.first:
            raise ValueError(f"expected `until:` on or after `from:`, found {until}")
        if fact.kind == "condition":
            low, high = _CONDITION[_one_of(str(part.get("value", "yes")), tuple(_CONDITION))]
            return Period(fact.name, source, ref, start.first, start.last, end.first, end.last, low, high)
        ends = self.quantity(fact, str(part["value"]))
        return Period(fact.name, source, ref, start.first, start.last, end.first, end.last, ends[0], ends[1])

    def statement(self, fact: Fact, part: Map, source: Source, ref: str) -> Answer:
        """Read a statement of an attestation, judgment or attribute."""
        text = str(part["is"])
        when = dates.read(str(part["on"])) if "on" in part else ANY_DAY
        low = high = None
        if fact.values == ("date",):
            day = dates.read(text)
            low, high = day.first, day.last
        elif fact.values in (("number",), ("integer",)):
            low, high, *_ = self.quantity(fact, text if " " in text else f"{text} {fact.unit or '1'}")
        elif fact.values and text not in fact.values:
            msg = f"expected one of {', '.join(fact.values)}, found {text!r}"
            raise ValueError(msg)
        elif not fact.values and text not in ("yes", "no") and not fact.name.endswith(".why"):
            msg = f"expected yes or no, found {text!r}"
            raise ValueError(msg)
        author = _author(part["by"]) if "by" in part else None
        return Answer(fact.name, source, ref, text, when.first, when.last, when.minute, low, high, author=author)


def _span(part: Map) -> tuple[int, int]:
    """Read the first and the last day of a span, both included."""
    first, last = dates.day(str(part["from"])), dates.day(str(part["until"]))
    if last < first:
        raise ValueError(f"expected `until:` on or after `from:`, found {part['until']}")
    return first, last


def _author(listed: Value) -> str:
    """Read the roles of who made a statement."""
    found = [str(one) for one in listed] if isinstance(listed, Sequence) else [str(listed)]
    if found == ["none"]:
        return ""
    known = roles()
    for one in found:
        if (name := one.removesuffix(MAYBE)) not in known:
            raise ValueError(f"no role is named {name!r}; expected one of {', '.join(known)}{names.near(name, known)}")
    return " ".join(sorted(found))


def _one_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise ValueError(f"expected one of {', '.join(words)}, found {text!r}")
    return text
