"""The timeline: evidence against windows, one lane under the other, days from left to right.

A bar with its two dates is a window. Of the rows a dot is an event, a square a value, a diamond a statement, a bar a
regimen or a condition; a hollow one does not count. Hatched days are not known, over a solid line the file is whole.
The day of the request is a line through all lanes. The table says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from markupsafe import Markup

from priorauth.decide.decided import Decided, Refused
from priorauth.decide.page import words
from priorauth.facts.case import Case
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.tree import Policy
from priorauth.values.dates import day, iso, spoken
from priorauth.workbench.pictures import axis as a
from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures.lanes import Days, Lane, Mark, lanes
from priorauth.workbench.pictures.marks import legend, shape
from priorauth.workbench.pictures.svg import LINE, NARROW, SMALL, TEXT, WIDE, Picture, Table
from priorauth.workbench.pictures.windows import Window

YEAR: Final = 365
"""How many days are shown where no window says how many."""
_MOST_FIGURES: Final = 8
"""More figures than these are not written beside their marks; the table has them."""
_EDGE: Final = 14
"""Room at either side of the days: on the left stand rows from before the first day, and rows without a date."""
_ROW: Final = 14
_PAD: Final = 8
_STACK, _MOST_ROWS = 10, 6
"""How far marks of one day stand below one another, and how many do before they cover one another."""
HEADS: Final = ("Criterion", "What", "When", "Counts", "Source")


def timeline(  # noqa: PLR0913 - what a picture rests on, each by name
    made: Decided,
    policy: Policy,
    vocabulary: Vocabulary,
    case: Case | None = None,
    *,
    every: bool = False,
    only: str | None = None,
    name: str = "timeline",
) -> Picture | None:
    """Draw the open criteria of a determination, ``every`` one, or ``only`` that of an id; None where it has no days.

    ``case`` holds the rows of the run; ``name`` is the id of the picture on its page.
    """
    found = lanes(made, policy, vocabulary, case, every=every or only is not None)
    found = tuple(one for one in found if only in (None, one.id))
    if not found:
        return None
    on = day(made.as_of)
    wide, narrow = (_drawn(found, on, width, f"{name}-{width}") for width in (WIDE, NARROW))
    return Picture(wide, narrow, table(found))


# ---- the table


def table(found: Sequence[Lane]) -> Table:
    """Return windows, rows and days that are not known, lane by lane."""
    return Table("Evidence and the days that count", HEADS, tuple(chain.from_iterable(map(_rows, found))))


def _rows(lane: Lane) -> Iterator[tuple[str, ...]]:
    named = f"{lane.name}: {lane.status}"
    for one in lane.windows:
        yield named, "window", window_said(one), "", ""
    for mark in lane.marks:
        row = mark.row
        when = words.when(row.date) or "no date"
        yield named, _what(mark), when, f"no: {_ground(row)}" if isinstance(row, Refused) else "yes", _source(row)
    if lane.more:
        yield named, f"and {lane.more} more rows", "", "yes", ""
    for gap in lane.gaps:
        yield named, "not known", stretch(gap), "", ""
    for whole in lane.wholes:
        yield named, "the file is whole", stretch(whole), "", ""


def _what(mark: Mark) -> str:
    said = words.says(mark.row, labelled=True)
    return f"{mark.row.count} times {said}" if isinstance(mark.row, Refused) and mark.row.count > 1 else said


def _source(row: object) -> str:
    return f"{getattr(row, 'kind', '')} ({getattr(row, 'reference', '')})"


def _ground(row: Refused) -> str:
    ground = words.plain(row.ground, {})
    if row.bound and row.ground == "too old":
        return f"{ground}, counts from {spoken(iso(day(row.bound) + 1))}"
    return f"{ground}, counts up to {spoken(row.bound)}" if row.bound and row.ground == "too new" else ground


def window_said(one: Window) -> str:
    """Return the two dates of a window."""
    if one.counts_from is not None:
        return f"counts from {one.counts_from}: not known"
    return stretch(Days(one.first, one.last))


def stretch(one: Days) -> str:
    """Return a stretch of days in words."""
    first, last = (None if each is None else spoken(iso(each)) for each in (one.first, one.last))
    if first and last:
        return first if first == last else f"{first} to {last}"
    return f"from {first} on" if first else f"up to {last}" if last else "all days"


# ---- the picture


def _drawn(found: Sequence[Lane], on: int, width: int, name: str) -> Markup:
    """Draw lanes on paper of a width."""
    first, last = a.around(list(_shown(found, on)))
    days = a.Axis(first, last, _EDGE, width - _EDGE)
    y = float(LINE + _PAD)
    drawn = []
    for place, lane in enumerate(found):
        made = _Paper(days, name, y, width)
        made.lane(lane)
        class_ = "lane odd" if place % 2 else "lane"
        ground = svg.box(0, y, width, made.y - y, class_="ground", fill_opacity=0.05 if place % 2 else 0)
        drawn.append(svg.group(class_, ground, *made.drawn))
        y = made.y
    asked = f"request {spoken(iso(on))}"
    x = days.at(on)
    request = svg.group(
        "request",
        svg.line(x, LINE + 2, x, y, stroke_width=1.5, stroke_dasharray="5 3"),
        svg.text(svg.begin(x - svg.wide(asked) / 2, asked, width), SMALL, asked),
    )
    below, height = legend(found, y + 2 * LINE + _PAD, width, name)
    said = "Evidence against the days that count", "; ".join(f"{one.name}: {one.status}" for one in found)
    return svg.root(name, (width, height), said, svg.hatching(f"{name}-hatch"), request, *drawn, a.foot(days, y), below)


def _shown(found: Sequence[Lane], on: int) -> Iterator[int]:
    """Yield the days between which all is drawn: those of the windows, and rows as far before and after as half."""
    placed = [one for lane in found for one in lane.windows if one.counts_from is None]
    ends = [one.last for one in placed if one.last is not None and one.last <= on + YEAR]
    starts = [one.first for one in placed if one.first is not None]
    low, high = min([*starts, on - YEAR if not starts else on]), max([on, *ends])
    yield from (low, high)
    reach = (high - low) // 2
    edges = [edge for lane in found for mark in lane.marks if mark.days for edge in (mark.days.first, mark.days.last)]
    yield from (edge for edge in edges if edge is not None and low - reach <= edge <= high + reach)


def _stacked(places: Sequence[float]) -> Iterator[int]:
    """Yield for each of some ascending places in which row its mark stands: those of one place below one another."""
    row, before = 0, None
    for x in places:
        row = (row + 1) % _MOST_ROWS if x == before else 0
        before = x
        yield row


class _Paper:
    """A lane as it is drawn, from ``y`` downwards."""

    def __init__(self, axis: a.Axis, name: str, y: float, width: int) -> None:
        self.axis, self.name, self.y, self.top, self.width = axis, name, y, y, width
        self.drawn: list[Markup] = []
        self.left, self.right = 4.0, width - 4.0

    def lane(self, lane: Lane) -> None:
        """Draw a lane: its name, windows, what is not known and what is whole, regimens, and all that has a day."""
        self.y += 3
        for line in svg.lines(f"{lane.status}: {lane.name}", self.right - self.left, TEXT * svg.BOLD):
            self.y += LINE
            self.drawn.append(svg.text(self.left, self.y - 3, line, font_size=TEXT, font_weight="bold"))
        self.y += 3
        for one in lane.windows:
            self.window(one)
        self.strips(lane.gaps, "not known", fill=f"url(#{self.name}-hatch)", stroke=svg.INK, stroke_width=0.5)
        self.strips(lane.wholes, "file whole", fill=svg.INK)
        bars = [mark for mark in lane.marks if mark.shape == "regimen" and mark.days is not None]
        self.bars(bars)
        self.points([mark for mark in lane.marks if mark not in bars])
        if lane.more:
            self.said(self.left, f"and {lane.more} more rows that count")
        if not lane.marks:
            self.said(self.left, "nothing on file")
        self.y += _PAD

    def said(self, x: float, words_: str) -> None:
        """Write a line of small print, as near to a place as it fits."""
        self.y += _ROW
        fits = svg.short(words_, self.right - self.left)
        self.drawn.append(svg.text(svg.begin(x, fits, self.right, self.left), self.y - 3, fits))

    def window(self, one: Window) -> None:
        """Draw a window: its dates, below them the bar."""
        span = None if one.counts_from is not None else self.axis.span(one.first, one.last)
        self.said(span[0] if span else self.left, f"window: {window_said(one)}")
        if span is None:
            return
        low, high = span
        bar = svg.box(low, self.y, high - low, 9, fill_opacity=0.18, stroke=svg.INK, stroke_width=1.5)
        self.drawn.append(svg.group("window", bar, title=window_said(one)))
        self.y += 12

    def strips(self, found: Sequence[Days], label: str, **look: str | float) -> None:
        """Draw stretches of days with what they are, those that are in the picture."""
        placed = [(one, span) for one in found if (span := self.axis.span(one.first, one.last)) is not None]
        if not placed:
            return
        more = f" and {len(placed) - 1} more" if len(placed) > 1 else ""
        self.said(placed[0][1][0], f"{label}: {stretch(placed[0][0])}{more}")
        height = 8 if label == "not known" else 4
        for one, (low, high) in placed:
            bar = svg.box(low, self.y, high - low, height, **look)
            self.drawn.append(svg.group("unknown" if height > 4 else "whole", bar, title=f"{label}: {stretch(one)}"))  # noqa: PLR2004 - of the two heights above
        self.y += height + 3

    def bars(self, marks: Sequence[Mark]) -> None:
        """Draw regimens, conditions and rows that stand for many: few with their figures, many in few rows."""
        places = [self._place(mark) for mark in marks]
        if len(marks) <= _MOST_FIGURES:
            for mark, (low, high) in zip(marks, places, strict=True):
                if mark.figure:
                    self.said(low, mark.figure)
                self.drawn.append(self._bar(mark, low, high, self.y))
                self.y += 13
            return
        rows = svg.packed(places)
        for mark, (low, high), row in zip(marks, places, rows, strict=True):
            self.drawn.append(self._bar(mark, low, high, self.y + row * 12))
        self.y += (max(rows) + 1) * 12

    def _place(self, mark: Mark) -> tuple[float, float]:
        """Place a bar; one that lies outside of the picture stands at its edge."""
        first, last = (mark.days.first, mark.days.last) if mark.days else (None, None)
        if (span := self.axis.span(first, last)) is None:
            return (
                (0, _EDGE - 2) if last is not None and last < self.axis.first else (self.width - _EDGE + 2, self.width)
            )
        low = 0 if first is None or first < self.axis.first else span[0]
        high = self.width if last is None or last > self.axis.last else span[1]
        return low, max(high, low + 3)

    def _bar(self, mark: Mark, low: float, high: float, y: float) -> Markup:
        """Draw a bar; where it goes on beyond the picture, or its end is not said, it ends in a point."""
        left, right = low <= 0, high >= self.width
        point = min(6.0, (high - low) / 2)
        body = [(low + left * point, y), (high - right * point, y), (high, y + 4.5) if right else (high, y)]
        body += [(high - right * point, y + 9), (low + left * point, y + 9), (low, y + 4.5) if left else (low, y + 9)]
        absent = 0.25 if mark.row.value == "absent" else None
        look = svg.path(
            body, fill="none" if mark.ground else svg.INK, fill_opacity=absent, stroke=svg.INK, stroke_width=1.2
        )
        return svg.group("row refused" if mark.ground else "row", look, title=mark.said)

    def points(self, marks: Iterable[Mark]) -> None:
        """Draw what has a day, and at the left edge what is older than the picture or bears no date."""
        placed = sorted(((self._at(mark), mark) for mark in marks), key=lambda one: one[0])
        if not placed:
            return
        figures = [
            (x, mark.figure)
            for place, (x, mark) in enumerate(placed)
            if mark.figure and (place == 0 or placed[place - 1][1].figure != mark.figure)
        ]
        if len(figures) <= _MOST_FIGURES:
            self._figures(figures)
        rows = list(_stacked([x for x, _ in placed]))
        self.y += 4
        for (x, mark), row in zip(placed, rows, strict=True):
            middle = self.y + 6 + row * _STACK
            beyond = mark.days is None or self._beyond(mark)
            drawn = shape(mark, x, middle, beyond=beyond)
            self.drawn.append(
                svg.group("row refused" if mark.ground else "row", *self._range(mark, middle), drawn, title=mark.said)
            )
        self.y += 14 + max(rows) * _STACK
        outside = [x for x, mark in placed if mark.days is not None and self._beyond(mark)]
        early = sum(x < _EDGE for x in outside)
        undated = sum(mark.days is None for _, mark in placed)
        counted = ((early, "earlier"), (len(outside) - early, "later"), (undated, "without a date"))
        said = [f"{count} {what}" for count, what in counted if count]
        if said:
            self.said(self.left, f"at the edge: {', '.join(said)}")

    def _figures(self, figures: Sequence[tuple[float, str]]) -> None:
        """Write figures above their marks, in as many lines as they need."""
        room = self.right - self.left
        cut = [(x, svg.short(said, room)) for x, said in figures]
        begins = [svg.begin(x - 5, said, self.right, self.left) for x, said in cut]
        spans = [(x, x + svg.wide(said)) for x, (_, said) in zip(begins, cut, strict=True)]
        rows = svg.packed(spans)
        for x, (_, said), row in zip(begins, cut, rows, strict=True):
            self.drawn.append(svg.text(x, self.y + (row + 1) * _ROW - 3, said))
        self.y += (max(rows, default=-1) + 1) * _ROW

    def _at(self, mark: Mark) -> float:
        if mark.days is None:
            return _EDGE / 2
        if self._beyond(mark):
            early = (mark.days.last or 0) < self.axis.first
            return _EDGE / 2 if early else self.width - _EDGE / 2
        low, high = self._ends(mark.days)
        return (self.axis.at(low) + self.axis.at(high)) / 2

    def _beyond(self, mark: Mark) -> bool:
        """Whether no day of a mark is in the picture."""
        return mark.days is not None and self.axis.span(mark.days.first, mark.days.last) is None

    def _ends(self, found: Days) -> tuple[int, int]:
        first = found.first if found.first is not None else found.last
        last = found.last if found.last is not None else found.first
        return first or self.axis.first, last or self.axis.last

    def _range(self, mark: Mark, y: float) -> tuple[Markup, ...]:
        """Draw the days on which a mark of no certain day may have been."""
        if mark.days is None or self._beyond(mark):
            return ()
        low, high = self._ends(mark.days)
        return () if low == high else (svg.line(self.axis.at(low), y, self.axis.at(high), y, stroke_width=1),)
