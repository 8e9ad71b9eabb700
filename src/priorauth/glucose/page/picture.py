"""A picture: SVG for those who see it, and the same as a table; with what all pictures of glucose are drawn by.

Each is complete in itself (no script, no style sheet, no font, no link), has a title and a description, tells nothing
by colour alone and prints in black and white: bands differ in lightness, limits are labelled lines, zones have names
and events marks of their own shape. Coordinates are units of the paper, x to the right, y down. The same period gives
the same picture. Nothing in it judges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from priorauth.glucose.definitions import definitions
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.svg import element, path
from priorauth.glucose.page.zones import Name, Zone

INK: Final = "#222222"
QUIET: Final = "#5b5b5b"
LINE: Final = "#c8c8c8"
EDGE: Final = "#00762f"  # the limits of the target
_LINE: Final = 9.5  # the height of a line of words
TINT: Final = "#e3f2e6"  # the target where nothing is drawn on it

# A zone's colour in the bar, of lines, and of the inner and the outer band; dark on light also without colour.
SOLID: Final[dict[Name, str]] = {
    "very-low": "#8c0014",
    "low": "#e4002b",
    "target": "#2fa35b",
    "high": "#ffbf00",
    "very-high": "#f07000",
}
DARK: Final[dict[Name, str]] = {
    "very-low": "#6d0010",
    "low": "#b3001f",
    "target": "#00602a",
    "high": "#8a6100",
    "very-high": "#a04400",
}
INNER: Final[dict[Name, str]] = {
    "very-low": "#c9606f",
    "low": "#f08a98",
    "target": "#8bcd9e",
    "high": "#ffd166",
    "very-high": "#f9ad6a",
}
OUTER: Final[dict[Name, str]] = {
    "very-low": "#e8b4bb",
    "low": "#f9ced4",
    "target": "#c9e7d0",
    "high": "#ffebb8",
    "very-high": "#fcdcbc",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A picture as a table: what it shows, the heads of its columns, and rows, each named by its first cell."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its name, with its title and what it says in a sentence; ``svg`` is escaped and well-formed.

    ``size`` is the width and height of the paper, as the SVG has them.
    """

    name: str
    size: tuple[int, int]
    title: str
    says: str
    svg: str
    table: Table


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale of mg/dL onto a stretch of the paper, higher glucose nearer the top."""

    top: float
    bottom: float

    @property
    def floor(self) -> int:
        """What lies at the bottom."""
        return definitions().picture["floor"]

    @property
    def ceiling(self) -> int:
        """What lies at the top."""
        return definitions().picture["ceiling"]

    def at(self, glucose: float) -> float:
        """Place a value, at the edge where it lies beyond."""
        inside = min(max(glucose, self.floor), self.ceiling)
        return self.bottom - (inside - self.floor) / (self.ceiling - self.floor) * (self.bottom - self.top)


def limits(choice: Choice) -> tuple[int, ...]:
    """Return the limits of the target first, then the others that a population has, in mg/dL."""
    own = choice.goals.ranges
    return own.low, own.high, own.very_low, *([] if own.very_high is None else [own.very_high])


def zone_of(glucose: float, found: Sequence[Zone]) -> Name:
    """Return the zone of a value."""
    return next(zone.name for zone in found if zone.ends_above(glucose))


def words(x: float, y: float, said: str, anchor: str = "start", /, **attributes: str | float | None) -> str:
    """Return words that start, end or have their middle at a place."""
    return element("text", said, x=x, y=y, text_anchor=None if anchor == "start" else anchor, **attributes)


def level(y: float, left: float, right: float, **attributes: str | float | None) -> str:
    """Return a line across the paper."""
    return element("path", d=path([(left, y), (right, y)]), fill="none", **attributes)


def dot(at: tuple[float, float], size: float, zone: Name) -> str:
    """Return a reading as a dot in the colour of its zone."""
    x, y = at
    return element("circle", cx=x, cy=y, r=size, class_=f"reading {zone}", fill=DARK[zone])


def grid(scale: Scale, left: float, right: float, choice: Choice) -> Iterator[str]:
    """Yield the limits of the zones as lines, those of the target strong, each with its figure; then the ends."""
    own = choice.goals.ranges
    target = (own.low, own.high)
    drawn = sorted((scale.floor, *limits(choice), scale.ceiling), reverse=True)
    beside = apart([scale.at(limit) + 3.5 for limit in drawn], _LINE, scale.top + 3.5, scale.bottom + 3.5)
    for limit, y in zip(drawn, beside, strict=True):
        if limit in target:
            across = level(scale.at(limit), left, right, class_="target-limit", stroke=EDGE, stroke_width=1.5)
        else:
            dashes = {"class_": "limit", "stroke": QUIET, "stroke_dasharray": "2 3"}
            across = level(scale.at(limit), left, right, stroke_width=0.7, **dashes)
        yield across
        yield words(left - 4, y, choice.amount(limit), "end", font_weight="bold" if limit in target else None)


def apart(places: Sequence[float], least: float, top: float, bottom: float) -> list[float]:
    """Move places (ascending) as far as needed to be ``least`` apart, between top and bottom."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, top if not moved else moved[-1] + least))
    for index in reversed(range(len(moved))):
        most = bottom if index == len(moved) - 1 else moved[index + 1] - least
        moved[index] = min(moved[index], most)
    return moved
