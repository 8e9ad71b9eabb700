"""Results over time, with the figures that a policy holds them against: HbA1c, and any other measured fact.

A square is a result, a hollow one does not count; a line across is a threshold with its figure, the shaded days are the
window. A result known on one side only (``> 14 %``) stands at its bound, with an arrow to where it may lie.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from priorauth.decide.decided import Decided, Evidence, Refused
from priorauth.decide.evidence import TOO_NEW, TOO_OLD
from priorauth.decide.page import words
from priorauth.decide.page.criteria import walk
from priorauth.engines.python.show import row_date, row_value
from priorauth.engines.python.view import View
from priorauth.facts.case import Case
from priorauth.facts.rows import Measurement, Source, ground_of
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.language import forms as f
from priorauth.language.english import PAGE, RELATION, labels
from priorauth.policy.tree import Policy
from priorauth.values.dates import day, iso, spoken
from priorauth.workbench.pictures import axis as a
from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures import windows as w
from priorauth.workbench.pictures.lanes import Days, days
from priorauth.workbench.pictures.svg import LINE, NARROW, WIDE, Picture, Table

_VALUE: Final = re.compile(r"(?:(>=?|<=?) )?(\d{1,9}(?:\.\d{1,6})?)(?: to (\d{1,9}(?:\.\d{1,6})?))?(?: |$)")
_TALL: Final = 150
_LEFT: Final = 44
_RIGHT: Final = 12
_MOST_FIGURES: Final = 12
_MOST_NUMBERS: Final = 7
_YEAR: Final = 365
SHOWN: Final = "said by someone who cannot settle it"
BESIDE: Final = "a document says so; it changes nothing"
Place = tuple[float, float, float]
"""Where words stand: their left and right end, their baseline."""
HEADS: Final = ("Result", "When", "Counts", "Source")


class Threshold(Struct, frozen=True):
    """A figure that results are held against: where it lies, and how it is said: ``above 7.0 %``."""

    at: float
    said: str


class Result(Struct, frozen=True):
    """A result: its days, the number (``low`` and ``high`` differ where it is not exact, None where a side is open)."""

    row: Evidence | Refused
    days: Days | None
    low: float | None
    high: float | None
    named: bool = True
    """Whether the determination names it; else it is on file beside what was needed."""

    @property
    def readable(self) -> bool:
        """Whether it can be placed: it has a day and a number."""
        return self.days is not None and (self.low is not None or self.high is not None)


class Course(Struct, frozen=True):
    """The results of one fact, the thresholds over them, and the windows of those."""

    fact: str
    name: str
    results: tuple[Result, ...]
    thresholds: tuple[Threshold, ...]
    windows: tuple[w.Window, ...]


def courses(made: Decided, policy: Policy, vocabulary: Vocabulary, case: Case | None = None) -> tuple[Course, ...]:
    """Return the results of each fact that a laboratory measures and a criterion holds against a figure.

    With the rows of the run every result on file is among them, without them those that the determination names.
    """
    placed, view = w.windows(made, policy, vocabulary, case), w.seen(made, vocabulary, case)
    found: dict[str, tuple[dict[Threshold, None], dict[w.Window, None]]] = {}
    for line, form in w.forms(made, policy).items():
        if not isinstance(form, f.Latest | f.AnyRow) or form.compare is None:
            continue
        fact = vocabulary.facts.get(form.fact)
        if fact is None or fact.kind != "measurement" or fact.unit is None or not fact.codes:
            continue
        lines, days_ = found.setdefault(form.fact, ({}, {}))
        amount, number = form.compare.amount, form.compare.amount.number
        said = f"{RELATION[form.compare.op]} {labels().amount(amount)}"
        lines[Threshold(float(number * fact.resolution), said)] = None
        if line in placed and placed[line].counts_from is None:
            days_[placed[line]] = None
    return tuple(
        Course(name, labels().one(name), tuple(_results(name, made, view, days_)), tuple(lines), tuple(days_))
        for name, (lines, days_) in found.items()
    )


def _results(name: str, made: Decided, view: View, found: Iterable[w.Window]) -> Iterator[Result]:
    """Yield the results of a fact, each once, in the order of their days."""
    named, fact = labels().one(name), view.vocabulary.facts[name]
    every: list[Evidence | Refused] = []
    for one in walk(made.criteria):
        both: tuple[Evidence | Refused, ...] = (*one.refused, *one.evidence)
        every += [row for row in both if row.display == named]
    by_row: dict[tuple[str, str | None], Evidence | Refused] = {(row.reference, row.date): row for row in every}
    needed = set(by_row)
    for row in view.case.of(name):
        key = (row.ref, row_date(row))
        if isinstance(row, Measurement) and key not in by_row:
            by_row[key] = _on_file(row, fact, named, tuple(found))
    made_of = [Result(row, days(row.date), *number(row.value), key in needed) for key, row in by_row.items()]
    yield from sorted(made_of, key=lambda one: (one.row.date or "", one.row.reference))


def _on_file(row: Measurement, fact: Fact, named: str, found: tuple[w.Window, ...]) -> Evidence | Refused:
    """Return a result that the determination does not name, with the ground why it does not count, if there is one."""
    kind, when, said = labels().kind(row.ref, fact), row_date(row), row_value(row, fact)
    ground, bound = ground_of(row), None
    if row.source is Source.SHOWN:
        ground = BESIDE if PAGE in row.ref else SHOWN
    if ground is None and found:
        firsts, lasts = [one.first for one in found], [one.last for one in found]
        if all(first is not None and row.last < first for first in firsts):
            ground, bound = TOO_OLD, iso(min(first for first in firsts if first is not None) - 1)
        elif all(last is not None and row.first > last for last in lasts):
            ground, bound = TOO_NEW, iso(max(last for last in lasts if last is not None))
    if ground is None:
        return Evidence(row.ref, when, said, kind, named)
    return Refused(row.ref, when, None if said == ground else said, ground, bound, kind, named)


def number(value: str | None) -> tuple[float | None, float | None]:
    """Return the bounds of a value as rows bear it: ``8.1 %``, ``> 14 %``, ``7.0 to 7.4 %``; None where there is none.

    Both are None of what is no number.
    """
    found = _VALUE.match(value or "")
    if found is None:
        return None, None
    sign, low, high = found.groups()
    at = float(low)
    if sign:
        return (at, None) if sign.startswith(">") else (None, at)
    return at, float(high) if high else at


# ---- the picture


def results(course: Course, as_of: str, *, name: str = "results") -> Picture | None:
    """Draw the results of a fact; None where there is none. ``as_of`` is the day of the request, ISO."""
    if not course.results:
        return None
    wide, narrow = (_drawn(course, day(as_of), width, f"{name}-{width}") for width in (WIDE, NARROW))
    return Picture(wide, narrow, table(course))


def table(course: Course) -> Table:
    """Return every result, with the thresholds in the caption."""
    held = "; ".join(one.said for one in course.thresholds)
    return Table(f"{course.name}; asked: {held}", HEADS, tuple(map(_row, course.results)))


def _row(one: Result) -> tuple[str, ...]:
    row = one.row
    counts = "yes" if one.named else "not needed"
    if isinstance(row, Refused):
        counts = f"no: {words.plain(row.ground, {})}"
    return words.says(row), words.when(row.date) or "no date", counts, f"{row.kind} ({row.reference})"


class _Scale(Struct, frozen=True):
    """Numbers from the bottom of the picture to its top."""

    low: float
    high: float
    top: float

    def at(self, value: float) -> float:
        """Place a number."""
        return self.top + (self.high - value) / (self.high - self.low) * _TALL


def _scale(course: Course, top: float) -> _Scale:
    numbers = [one.at for one in course.thresholds]
    numbers += [side for one in course.results if one.readable for side in (one.low, one.high) if side is not None]
    low, high = min(numbers), max(numbers)
    room = max((high - low) * 0.15, abs(high) * 0.05, 0.1)
    return _Scale(low - room, high + room, top)


def _drawn(course: Course, on: int, width: int, name: str) -> Markup:
    days_ = a.Axis(*a.around(list(_days(course, on))), _LEFT, width - _RIGHT)
    top = 2.0 * LINE
    scale = _scale(course, top)
    foot = top + _TALL
    beside = [one for one in course.results if not one.readable or not _inside(one, days_)]
    shown = [one for one in course.results if one not in beside]
    asked = f"request {spoken(iso(on))}"
    x = days_.at(on)
    written = [place for _, place in _words(course.thresholds, scale, days_)]
    drawn = [
        *_windows(course, days_, top),
        *_numbers(scale, days_),
        *_thresholds(course.thresholds, scale, days_),
        svg.line(x, top - 4, x, foot, stroke_width=1.5, stroke_dasharray="5 3"),
        svg.text(svg.begin(x - svg.wide(asked) / 2, asked, width), svg.SMALL, asked),
        *(_mark(one, days_, scale) for one in shown),
        *(_figures(shown, days_, scale, width, written) if len(shown) <= _MOST_FIGURES else ()),
        a.foot(days_, foot),
    ]
    y = foot + 2.0 * LINE
    for one in beside:
        y += LINE
        fits = svg.short(f"not drawn above: {_said(one.row)}", width - 20)
        outline = svg.box(4, y - 9, 8, 8, fill="none" if isinstance(one.row, Refused) else svg.INK, stroke=svg.INK)
        drawn.append(svg.group("row beside", outline, svg.text(16, y, fits), title=_said(one.row)))
    said = f"{course.name} over time", "; ".join(_said(one.row) for one in course.results[-3:])
    return svg.root(name, (width, y + 6), said, *drawn)


def _said(row: Evidence | Refused) -> str:
    return words.refused(row, labelled=True) if isinstance(row, Refused) else words.row(row, labelled=True)


def _days(course: Course, on: int) -> Iterator[int]:
    starts = [one.first for one in course.windows if one.first is not None]
    low = min([on - _YEAR, *starts])
    yield from (low, on)
    reach = on - low
    for one in course.results:
        if one.days is not None:
            ends = (one.days.first, one.days.last)
            yield from (end for end in ends if end is not None and low - 2 * reach <= end <= on + reach)


def _inside(one: Result, axis: a.Axis) -> bool:
    return one.days is not None and axis.span(one.days.first, one.days.last) is not None


def _windows(course: Course, axis: a.Axis, top: float) -> Iterator[Markup]:
    for one in course.windows:
        span = axis.span(one.first, one.last)
        if span is not None:
            low, high = span
            look = svg.box(low, top, high - low, _TALL, fill_opacity=0.08, stroke=svg.INK, stroke_width=0.5)
            yield svg.group("window", look, title="the days that count")


def _thresholds(found: Sequence[Threshold], scale: _Scale, axis: a.Axis) -> Iterator[Markup]:
    """Yield the lines across with their words."""
    for one in found:
        y = scale.at(one.at)
        yield svg.group("threshold", svg.line(axis.left, y, axis.right, y, stroke_width=1.2, stroke_dasharray="2 2"))
    for said, (left, _, y) in _words(found, scale, axis):
        yield svg.text(left, y, said)


def _words(found: Sequence[Threshold], scale: _Scale, axis: a.Axis) -> Iterator[tuple[str, Place]]:
    """Yield the words of thresholds and where they stand: above their lines, higher where they would touch."""
    taken = float("inf")
    for one in sorted(found, key=lambda one: one.at):
        written = min(scale.at(one.at) - 3, taken - LINE)
        if written < scale.top:
            return
        fits = svg.short(one.said, axis.right - axis.left - 2)
        yield fits, (axis.left + 2, axis.left + 2 + svg.wide(fits), written)
        taken = written


def _place(one: Result, axis: a.Axis, scale: _Scale) -> tuple[float, float]:
    known = [side for side in (one.low, one.high) if side is not None]
    low, high = (one.days.first, one.days.last) if one.days else (None, None)
    ends = [end for end in (low, high) if end is not None] or [axis.first]
    return sum(axis.at(end) for end in ends) / len(ends), scale.at(sum(known) / len(known))


def _mark(one: Result, axis: a.Axis, scale: _Scale) -> Markup:
    x, y = _place(one, axis, scale)
    parts = []
    if one.low is None or one.high is None:  # an arrow to where it may lie
        tip = -12 if one.high is None else 12
        side = tip / 3
        parts = [
            svg.line(x, y, x, y + tip, stroke_width=1),
            svg.path([(x - 3, y + tip - side), (x + 3, y + tip - side), (x, y + tip)]),
        ]
    elif one.low != one.high:
        parts = [svg.line(x, scale.at(one.low), x, scale.at(one.high), stroke_width=1)]
    refused = isinstance(one.row, Refused)
    square = svg.box(x - 4, y - 4, 8, 8, fill="none" if refused else svg.INK, stroke=svg.INK, stroke_width=1.4)
    return svg.group("row refused" if refused else "row", *parts, square, title=_said(one.row))


def _figures(found: Iterable[Result], axis: a.Axis, scale: _Scale, width: int, taken: list[Place]) -> Iterator[Markup]:
    """Yield the figures above their squares, or below where other words stand; one without a place is in the table."""
    for one in found:
        x, y = _place(one, axis, scale)
        ground = words.plain(one.row.ground, {}) if isinstance(one.row, Refused) else ""
        said = svg.short(": ".join(part for part in (words.value(one.row.value or ""), ground) if part), width / 2)
        begins = svg.begin(x - svg.wide(said) / 2, said, width - 2, axis.left + 2)
        ends = begins + svg.wide(said)
        for written in (y - 9, y + 17, y - 9 - LINE, y + 17 + LINE):
            room = scale.top + svg.SMALL <= written <= scale.top + _TALL - 3
            if room and all(abs(written - other) >= LINE - 2 or begins >= b or ends <= a for a, b, other in taken):
                taken.append((begins, ends, written))
                yield svg.text(begins, written, said)
                break


def _numbers(scale: _Scale, axis: a.Axis) -> Iterator[Markup]:
    """Yield the numbers of the scale at the left: round ones, three to seven of them."""
    tens = 10.0 ** math.floor(math.log10(scale.high - scale.low))
    step = next(one * tens for one in (0.2, 0.5, 1, 2) if (scale.high - scale.low) / (one * tens) <= _MOST_NUMBERS)
    place = math.ceil(scale.low / step)
    while place * step <= scale.high:
        y = scale.at(place * step)
        said = f"{place * step:.10g}"
        yield svg.line(axis.left - 4, y, axis.left, y, stroke_width=1)
        yield svg.text(axis.left - 6, y + 4, svg.short(said, axis.left - 6), text_anchor="end")
        place += 1
    yield svg.line(axis.left, scale.top, axis.left, scale.top + _TALL, stroke_width=1)
