"""The figures of a year as pages show them: each with the address that lists exactly the cases that it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final
from urllib.parse import urlencode

from msgspec import Struct

from priorauth.ledger import clocking
from priorauth.ledger.clocks import words as clock_words
from priorauth.ledger.counted import EVERY, OF, REQUESTS, UNTIMED, Asked
from priorauth.ledger.decided import counting
from priorauth.ledger.measured import Beside
from priorauth.ledger.metrics import Part, Share, Time, Year
from priorauth.workbench.pictures import bars
from priorauth.workbench.pictures.svg import Picture

CASES: Final = "/metrics/cases"
_LONG: Final = "requests whose review was extended, and that were approved"
_SHORT: Final = "approved after more time was taken"
UNKNOWN: Final = "Line of business not known"
_PLAIN: Final = {
    REQUESTS: "requests decided",
    "in-part": "requests approved in part",
    "asked": "requests whose clinic was asked",
    "asked-again": "requests whose clinic was asked more than once",
    "by-rule": "requests approved by a rule of the policy",
    "sample": "approvals by rule to look at again",
}
_OF_ONE: Final = {
    "clock-kept": "requests decided within the clock: {}",
    "clock-missed": "requests decided after the clock had run out: {}",
    "against": "requests decided against for the criterion {}",
    "appealed": "requests decided against for the criterion {}, whose appeal was decided",
    "overturned": "requests decided against for the criterion {}, and approved on appeal",
}


class Cell(Struct, frozen=True):
    """A number as it is written, and the address of the cases behind it."""

    said: str
    link: str


class Line(Struct, frozen=True):
    """A line of a table: what is counted, and its numbers."""

    says: str
    cells: tuple[Cell, ...]


class Group(Struct, frozen=True, kw_only=True):
    """The figures of one line of business under one contract."""

    title: str
    requests: Cell
    in_part: Cell
    shares: tuple[Line, ...]
    times: tuple[Line, ...]
    picture: Picture | None


class Others(Struct, frozen=True, kw_only=True):
    """What is measured beside the public figures."""

    clocks: tuple[Line, ...]
    missed: Picture | None
    asked: Line
    by_rule: Line
    sample: tuple[str, ...]
    overturns: tuple[Line, ...]


def link(year: int, asked: Asked) -> str:
    """Return the address of the cases of a figure."""
    said: dict[str, str | int] = {"year": year, "figure": asked.figure}
    said |= {
        name: value or "" for name, value in (("line", asked.line), ("contract", asked.contract)) if value != EVERY
    }
    said |= {name: value for name, value in (("above", asked.above), ("until", asked.until)) if value is not None}
    return f"{CASES}?{urlencode(said)}"


def named(line: str | None, contract: str | None, settings: Mapping[str, Any]) -> str:
    """Return the name of a line of business and its contract."""
    found = clocking.book_of(settings).lines.get(line or "")
    said = UNKNOWN if line is None else line if found is None else found.name
    return f"{said}, contract {contract}" if contract else said


def title(asked: Asked, settings: Mapping[str, Any]) -> str:
    """Say which requests a figure counts."""
    name, _, more = asked.figure.partition(".")
    if name in _OF_ONE:
        said = _OF_ONE[name].format(clock(more, settings) if name.startswith("clock") else more)
    elif name in _PLAIN:
        said = _PLAIN[name]
    else:
        said = _public(name, more)
    if asked.above is not None:
        said += f", more than {asked.above} hours"
    if asked.until is not None:
        said += f", at most {asked.until} hours"
    return said[:1].upper() + said[1:]


def _public(name: str, more: str) -> str:
    one = next(one for one in (*counting().shares, *counting().times) if one.id == name)
    if more == OF:
        return " ".join([*one.of.values(), "requests decided"])
    if more == UNTIMED:
        return f"{one.says} without a notice that was mailed"
    return plainly(one.says) if one in counting().shares else f"{one.says} with a notice that was mailed"


def plainly(says: str) -> str:
    """Return what a figure says in the words of the house; the public page has those of the rule."""
    return says.replace("denied", "decided against").replace(_LONG, _SHORT)


def clock(rule: str, settings: Mapping[str, Any]) -> str:
    """Return a clock by its name, its length, and the lines of business that it binds."""
    book = clocking.book_of(settings)
    found = book.clocks.get(rule)
    if found is None:
        return rule
    lines = ", ".join(book.lines[line].name for line in found.lines if line in book.lines)
    expedited = ", expedited" if found.urgency == "expedited" else ""
    said = clock_words.named(found)
    return f"{said[:1].upper()}{said[1:]}{expedited}" + (f", {lines}" if lines else "")


def percent(value: float | None) -> str:
    """Return a share as it is written; of nothing it is not known."""
    return "not known" if value is None else f"{value:.1f} %"


def hours(value: float | None) -> str:
    """Return hours as they are written, days beside them where they are many."""
    if value is None:
        return "not known"
    return f"{value:.1f} h" if value < _DAYS else f"{value:,.0f} h ({value / 24:.1f} days)"


_DAYS: Final = 72


def groups(found: Year, settings: Mapping[str, Any], *, public: bool = False) -> tuple[Group, ...]:
    """Return the public figures by line of business and contract; ``public``: in the words of the rule."""
    says = str if public else plainly
    return tuple(_group(found.year, part, place, settings, says) for place, part in enumerate(found.parts))


def _group(year: int, part: Part, place: int, settings: Mapping[str, Any], says: Callable[[str], str]) -> Group:
    def of(figure: str, said: str) -> Cell:
        return Cell(said, link(year, Asked(figure=figure, line=part.line, contract=part.contract)))

    shares = tuple(
        Line(
            says(one.says),
            (of(one.id, percent(one.percent)), of(one.id, str(one.counted)), of(f"{one.id}.{OF}", str(one.of))),
        )
        for one in part.shares
    )
    return Group(
        title=named(part.line, part.contract, settings),
        requests=of(REQUESTS, str(part.requests)),
        in_part=of("in-part", str(part.in_part)),
        shares=shares,
        times=tuple(_time(one, of) for one in part.times),
        picture=bars.counts(
            f"Shares: {named(part.line, part.contract, settings)}",
            [_bar(year, part, one) for one in part.shares],
            name=f"shares-{place}",
        ),
    )


def _bar(year: int, part: Part, one: Share) -> bars.Count:
    address = link(year, Asked(figure=one.id, line=part.line, contract=part.contract))
    said = "not known" if one.percent is None else f"{percent(one.percent)}, {one.counted} of {one.of}"
    return bars.Count(plainly(one.says), one.percent, address, said)


def _time(one: Time, of: Any) -> Line:  # noqa: ANN401 - makes a cell
    numbers = (one.mean_hours, one.median_hours, *(one.percentiles[str(each)] for each in counting().percentiles[1:]))
    said = tuple(of(one.id, hours(each)) for each in numbers)
    return Line(one.says, (of(one.id, str(one.timed)), of(f"{one.id}.{UNTIMED}", str(one.untimed)), *said))


def others(year: int, found: Beside, settings: Mapping[str, Any]) -> Others:
    """Return what is measured beside the public figures."""

    def of(figure: str, said: object) -> Cell:
        return Cell(str(said), link(year, Asked(figure=figure)))

    asked, rule = found.questions, found.by_rule
    each = "not known" if asked.per_request is None else f"{asked.per_request:g}"
    return Others(
        clocks=tuple(
            Line(
                clock(one.rule, settings),
                (
                    of(f"clock-kept.{one.rule}", percent(one.percent_kept)),
                    of(f"clock-kept.{one.rule}", one.kept),
                    of(f"clock-missed.{one.rule}", len(one.missed)),
                ),
            )
            for one in found.clocks
        ),
        missed=bars.counts("Clocks missed", list(_missed(year, found, settings)), name="missed"),
        asked=Line(
            "Questions",
            (
                of("asked", each),
                of("asked-again", len(asked.asked_again)),
                of("asked-again", percent(asked.percent_again)),
            ),
        ),
        by_rule=Line(
            "By rule", (of("by-rule", percent(rule.percent)), of("by-rule", rule.by_rule), of(REQUESTS, rule.requests))
        ),
        sample=rule.sample,
        overturns=tuple(
            Line(
                one.criterion,
                (
                    of(f"against.{one.criterion}", one.denied),
                    of(f"appealed.{one.criterion}", one.appealed),
                    of(f"overturned.{one.criterion}", one.overturned),
                    of(f"overturned.{one.criterion}", percent(one.percent)),
                ),
            )
            for one in sorted(found.overturns, key=lambda one: (-one.overturned, -one.denied, one.criterion))
        ),
    )


def _missed(year: int, found: Beside, settings: Mapping[str, Any]) -> Iterator[bars.Count]:
    for one in found.clocks:
        if one.missed:
            figure = Asked(figure=f"clock-missed.{one.rule}")
            ran = one.kept + len(one.missed)
            yield bars.Count(
                clock(one.rule, settings), len(one.missed), link(year, figure), f"{len(one.missed)} of {ran}"
            )


def bands() -> tuple[tuple[int | None, int | None, str], ...]:
    """Return the spans of hours of a picture of times: above, at most, and how each is said."""
    edges = counting().bands
    found: list[tuple[int | None, int | None, str]] = [(None, edges[0], f"up to {_span(edges[0])}")]
    found += [(low, high, f"{_span(low)} to {_span(high)}") for low, high in pairwise(edges)]
    return (*found, (edges[-1], None, f"more than {_span(edges[-1])}"))


def _span(count: int) -> str:
    return f"{count} h" if count <= _DAYS else f"{count // 24} days"


def spread(year: int, figure: str, spent: Iterable[float], caption: str) -> Picture | None:
    """Return the picture of how long requests took."""
    found = list(spent)
    if not found:
        return None
    counts = []
    for above, until, said in bands():
        number = sum((above is None or one > above) and (until is None or one <= until) for one in found)
        address = link(year, Asked(figure=figure, above=above, until=until))
        counts.append(bars.Count(said, number, address, f"{number} of {len(found)}"))
    return bars.counts(caption, counts, name=figure)
