"""The loader: a file of clocks into a book, every fault found at once, each with file and line.

A tenant's file has the same form and is laid over what was read before: its entries stand in the place of those of the
same name (and say ``why``), its profiles are asked first, its zones and days count beside the others.
"""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar, cast

from priorauth.errors import PolicyFaults
from priorauth.ledger.clocks import parts as p
from priorauth.ledger.clocks import rules as r
from priorauth.ledger.clocks.parts import Parts
from priorauth.values import strict_yaml
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text, Value

SHIPPED: Final = Path(__file__).parents[2] / "policies" / "clocks.yaml"
CONDITIONS: Final = ("asked_ahead", "contracted")
"""Facts of a request on which a clock may depend: an extension asked 24 hours ahead, a provider under contract."""
PROFILED: Final = ("plan", "plan_type", "coverage_program", "line_of_business", "funding")
"""Facts of a request that tell its line of business."""
_TOP: Final = ("profiles", "lines", "zones", "grounds", "days", "clocks", "unclocked", "appeals", *r.SECTIONS)
_CLOCK: Final = (
    "name", "lines", "states", "kinds", "urgency", "authority", "conditions", "starts", "within", "extension",
    "question", "notice", "missed", "appeals", "notes", "read", "why",
)  # fmt: skip
_STATE: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_Entry = TypeVar("_Entry")

EMPTY: Final = r.Book({}, {}, {}, {}, {}, {}, (), {}, frozenset(), frozenset())


@cache
def shipped() -> r.Book:
    """Return the clocks that come with priorauth."""
    return load(SHIPPED, EMPTY)


def load(path: Path, over: r.Book | None = None) -> r.Book:
    """Lay a file of clocks over a book, the shipped one unless another is given; raises PolicyFaults."""
    reader = _Reader(Parts(str(path)), strict_yaml.read_file(path), shipped() if over is None else over)
    book = reader.book()
    if reader.parts.faults:
        raise PolicyFaults(*reader.parts.faults)
    return book


class _Reader:
    """One pass over a file of clocks."""

    def __init__(self, parts: Parts, top: Map, base: r.Book) -> None:
        self.parts, self.top, self.base = parts, top, base
        parts.keys(top, _TOP, "a file of clocks")
        self.grounds = {**base.grounds, **self.texts("grounds")}
        self.lines = {**base.lines, **self.entries("lines", self.line, base.lines)}

    def book(self) -> r.Book:
        appeals = self.entries("appeals", self.appeals, self.base.appeals)
        self.known_appeals = (*self.base.appeals, *appeals)
        clocks = self.entries("clocks", self.clock, self.base.clocks)
        unclocked = self.entries("unclocked", self.unclocked, self.base.unclocked)
        duties: dict[str, r.Duty] = {}
        for section in r.SECTIONS:
            duties |= self.entries(section, self.duty, self.base.duties)
        closed, counted = self.days()
        return r.Book(
            self.laid(self.base.clocks, clocks),
            self.laid(self.base.appeals, appeals),
            self.laid(self.base.duties, duties),
            self.laid(self.base.unclocked, unclocked),
            MappingProxyType(self.lines),
            MappingProxyType(self.grounds),
            (*self.profiles(), *self.base.profiles),
            self.laid(self.base.zones, self.zones()),
            self.base.closed | closed,
            self.base.counted | counted,
        )

    def laid(self, base: Mapping[str, _Entry], own: Mapping[str, _Entry]) -> Mapping[str, _Entry]:
        return MappingProxyType({**base, **own})

    def entries(
        self, section: str, read: Callable[[str, Map, str], _Entry], base: Mapping[str, object]
    ) -> dict[str, _Entry]:
        """Read the entries of a section by their names; one that replaces another says why."""
        rows = self.parts.mapping(self.top.get(section), section, self.top.key_lines.get(section, 1))
        found: dict[str, _Entry] = {}
        for name, value in rows.items():
            line = rows.key_lines[name]
            row = self.parts.mapping(value, f"{section}: {name}", line)
            if not self.parts.named(f"a name under `{section}:`", name, line) or not row:
                if not row and isinstance(value, Map):
                    self.parts.fault(line, f"{name}: expected an entry")
                continue
            if name in base and not self.parts.text(row, "why", wanted=False):
                self.parts.fault(line, f"{name} stands in the place of a shipped entry: expected `why:`")
            found[name] = read(name, row, section)
        return found

    # ---- what a plan is

    def texts(self, section: str) -> dict[str, str]:
        rows = self.parts.mapping(self.top.get(section), section, self.top.key_lines.get(section, 1))
        return {name: self.parts.text(rows, name) for name in rows}

    def line(self, name: str, row: Map, _: str) -> r.Line:
        self.parts.keys(row, ("name", "states", "missing", "why"), name)
        states = self.states(row) if "states" in row else None
        return r.Line(name, self.parts.text(row, "name"), states, self.parts.text(row, "missing", wanted=False))

    def profiles(self) -> tuple[r.Profile, ...]:
        found = []
        for row in self.parts.rows(self.top.get("profiles"), "profiles"):
            self.parts.keys(row, ("payer", "when", "line", "state", "zone"), "a profile")
            when = self.parts.mapping(row.get("when"), "when", row.line)
            self.parts.keys(when, PROFILED, "`when:`")
            zone = self.parts.text(row, "zone", wanted=False)
            found.append(
                r.Profile(
                    self.parts.text(row, "payer"),
                    MappingProxyType({key: self.parts.words(when, key) for key in when}),
                    self.parts.one_of(row, "line", tuple(self.lines)),
                    self.state(row, row["state"]) if "state" in row else None,
                    self.zone(zone, row.line) if zone else None,
                )
            )
        return tuple(found)

    def zones(self) -> dict[str, str]:
        return {state: self.zone(zone, self.top.key_lines["zones"]) for state, zone in self.texts("zones").items()}

    def zone(self, name: str, line: int) -> str:
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            self.parts.fault(line, f"expected a time zone, as America/New_York, found {name[:40]!r}")
        return name

    def days(self) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
        """Read a tenant's own days."""
        row = self.parts.mapping(self.top.get("days"), "days", self.top.key_lines.get("days", 1))
        self.parts.keys(row, ("closed", "counted"), "`days:`")
        closed, counted = (frozenset(self.dates(row, key)) for key in ("closed", "counted"))
        if both := sorted(closed & counted):
            self.parts.fault(row.line, f"{both[0].isoformat()} stands under `closed:` and under `counted:`")
        return closed, counted

    def dates(self, row: Map, key: str) -> list[dt.date]:
        found = []
        for text in self.parts.words(row, key):
            try:
                found.append(dt.date.fromisoformat(text if _DAY.fullmatch(text) else ""))
            except ValueError:
                self.parts.fault(row.key_lines[key], f"expected days (YYYY-MM-DD) under `{key}:`, found {text[:40]!r}")
        return found

    def state(self, row: Map, value: Value) -> str:
        if isinstance(value, Text) and _STATE.fullmatch(value):
            return str(value)
        self.parts.fault(getattr(value, "line", row.line), "expected a state of two capital letters")
        return ""

    def states(self, row: Map) -> tuple[str, ...]:
        if not isinstance(row.get("states"), Sequence):
            return self.parts.words(row, "states")
        return tuple(self.state(row, value) for value in cast("Sequence", row["states"]))

    def scope(self, row: Map) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Read for which lines of business and states a row is; no state is every state."""
        return self.parts.words(row, "lines", self.lines), self.states(row)

    # ---- clocks

    def clock(self, name: str, row: Map, _: str) -> r.Clock:
        parts = self.parts
        parts.keys(row, _CLOCK, name)
        lines, states = self.scope(row)
        kinds = p.kinds(parts, row, r.KINDS)
        if not lines or not kinds:
            parts.fault(row.line, f"{name}: expected `lines:` and `kinds:`")
        starts = parts.mapping(row.get("starts"), "starts", row.line)
        parts.keys(starts, ("with", "cite", "verified"), "`starts:`")
        within = parts.needed(row, "within")
        if within.amount.unit in ("months", "years"):
            parts.fault(row.key_lines["within"], f"{name}: expected hours or days under `within:`")
        start = cast("r.Start", parts.one_of(starts, "with", r.STARTS))
        question = self.question(parts.mapping(row.get("question"), "question", row.line))
        if (question.effect == "not-begun") != (start != "receipt"):
            parts.fault(
                row.line, f"{name}: a question finds a clock not begun exactly where it does not start with receipt"
            )
        appeals = parts.text(row, "appeals", wanted=False) or None
        if appeals is not None and appeals not in self.known_appeals:
            parts.fault(row.key_lines["appeals"], f"{name}: expected `appeals:` one of {', '.join(self.known_appeals)}")
        return r.Clock(
            name,
            parts.text(row, "name"),
            lines,
            states,
            kinds,
            p.urgency(parts, row),
            cast("r.Authority", parts.one_of(row, "authority", r.AUTHORITIES)),
            MappingProxyType(self.conditions(row)),
            start,
            parts.source(starts),
            within,
            parts.extension(row.get("extension"), self.grounds, row.line),
            question,
            self.notice(parts.mapping(row.get("notice"), "notice", row.line)),
            self.missed(parts.mapping(row.get("missed"), "missed", row.line)),
            appeals,
            parts.text(row, "notes", wanted=False),
            parts.text(row, "read", wanted=False),
            parts.file,
            row.line,
        )

    def conditions(self, row: Map) -> dict[str, str]:
        listed = self.parts.mapping(row.get("conditions"), "conditions", row.line)
        self.parts.keys(listed, CONDITIONS, "`conditions:`")
        return {key: self.parts.one_of(listed, key, ("yes", "no")) for key in listed}

    def question(self, row: Map) -> r.Question:
        parts = self.parts
        known = ("effect", "says", "cite", "verified", "ask_within", "least", "then", "times")
        effect = parts.one_of(row, "effect", r.EFFECTS)
        if effect != "stops" and ("then" in row or "times" in row):
            parts.fault(row.line, "only a question that stops the clock has `then:` or `times:`")
        return r.Question(
            cast("r.Effect", effect),
            parts.source(row),
            parts.text(row, "says"),
            parts.figure(row, "ask_within"),
            parts.figure(row, "least"),
            parts.figure(row, "then"),
            parts.whole(row, "times"),
            MappingProxyType(parts.figures(row, known)),
        )

    def notice(self, row: Map) -> r.Notice:
        figures = self.parts.figures(row, ("says", "cite", "verified"))
        return r.Notice(self.parts.text(row, "says"), self.parts.source(row), MappingProxyType(figures))

    def missed(self, row: Map) -> r.Missed:
        self.parts.keys(row, ("means", "says", "cite", "verified", "within"), "`missed:`")
        return r.Missed(
            cast("r.Meaning", self.parts.one_of(row, "means", r.MEANINGS)),
            self.parts.source(row),
            self.parts.text(row, "says"),
            self.parts.figure(row, "within"),
        )

    def unclocked(self, name: str, row: Map, _: str) -> r.Unclocked:
        parts = self.parts
        parts.keys(row, ("lines", "states", "kinds", "says", "cite", "verified", "read", "why"), name)
        lines, states = self.scope(row)
        says, source, read = parts.text(row, "says"), parts.source(row), parts.text(row, "read", wanted=False)
        return r.Unclocked(name, lines, states, p.kinds(parts, row, r.KINDS), says, source, read, row.line)

    def duty(self, name: str, row: Map, section: str) -> r.Duty:
        parts = self.parts
        lines, states = self.scope(row)
        figures = parts.figures(row, ("lines", "states", "says", "cite", "verified", "read", "why"))
        says, source, read = parts.text(row, "says"), parts.source(row), parts.text(row, "read", wanted=False)
        return r.Duty(name, section, lines, states, says, MappingProxyType(figures), source, read, row.line)

    # ---- appeals

    def appeals(self, name: str, row: Map, _: str) -> r.Appeals:
        self.parts.keys(row, ("levels", "external", "read", "why"), name)
        levels, external = (
            tuple(self.level(one) for one in self.parts.rows(row.get(key), key)) for key in ("levels", "external")
        )
        if not levels:
            self.parts.fault(row.line, f"{name}: expected `levels:` with at least one")
        return r.Appeals(name, levels, external, self.parts.text(row, "read", wanted=False), row.line)

    def level(self, row: Map) -> r.Level:
        parts = self.parts
        known = (
            "id",
            "name",
            "from",
            "file",
            "presumed",
            "automatic",
            "decide",
            "extension",
            "says",
            "cite",
            "verified",
        )
        if ("file" in row) != ("from" in row):
            parts.fault(row.line, "expected `file:` and `from:` together")
        return r.Level(
            parts.text(row, "id"),
            parts.text(row, "name"),
            cast("r.From", parts.one_of(row, "from", r.FROMS)) if "from" in row else None,
            parts.figure(row, "file"),
            parts.figure(row, "presumed"),
            parts.yes(row, "automatic"),
            tuple(self.decided(one) for one in parts.rows(row.get("decide"), "decide")),
            parts.extension(row.get("extension"), self.grounds, row.line),
            MappingProxyType(parts.figures(row, known)),
            parts.text(row, "says"),
            parts.source(row),
        )

    def decided(self, row: Map) -> r.Decided:
        parts = self.parts
        parts.keys(row, ("urgency", "kinds", "is", "cite", "verified"), "`decide:`")
        amount = parts.amount(row) or r.Amount(0, "hours")
        kinds = p.kinds(parts, row, r.KINDS) or cast("tuple[r.Kind, ...]", r.KINDS)
        return r.Decided(r.Figure(amount, parts.source(row)), p.urgency(parts, row), kinds)
