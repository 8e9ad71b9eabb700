"""Zones: the share of the readings of a stream in each of the ranges that a population's goals are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.page.choice import Choice

Name = Literal["very-low", "low", "target", "high", "very-high"]
WORDS: Final[dict[Name, str]] = {
    "very-low": "Very low",
    "low": "Low",
    "target": "Target",
    "high": "High",
    "very-high": "Very high",
}
BELOW: Final = frozenset({"very-low", "low"})


@dataclass(frozen=True, slots=True)
class Zone:
    """One range: its values in words, the limits between which it lies in mg/dL (None: open), and its share.

    The limits of the target belong to it. ``share`` is percent of the readings, None without any; ``goal`` what is
    aimed at, empty where nothing is.
    """

    name: Name
    values: str
    bottom: int | None
    top: int | None
    share: float | None
    goal: str

    @property
    def words(self) -> str:
        """Its name in words."""
        return WORDS[self.name]

    def ends_above(self, glucose: float) -> bool:
        """Whether a value is not above this zone."""
        return self.top is None or (glucose < self.top if self.name in BELOW else glucose <= self.top)


@dataclass(frozen=True, slots=True)
class Side:
    """All above the target, or all below it."""

    words: str
    share: float | None
    goal: str


def zones(glucose: NDArray[np.int16], choice: Choice, *, timed: bool = True) -> tuple[Zone, ...]:
    """Return the zones of a population from the lowest to the highest, with the share of some readings in each.

    Goals are of the time that a sensor sees; readings that are not ``timed`` (a meter's) have none.
    """
    goals, own = choice.goals, choice.goals.ranges
    shares, unit = goals.shares, choice.unit
    known: list[tuple[Name, str, int | None, int | None, str]] = [
        ("very-low", f"below {choice.amount(own.very_low)} {unit}", None, own.very_low, _less(shares.very_low)),
        (
            "low",
            _span(choice.amount(own.very_low), choice.beside(own.low, above=False), unit),
            own.very_low,
            own.low,
            "",
        ),
        (
            "target",
            _span(choice.amount(own.low), choice.amount(own.high), unit),
            own.low,
            own.high,
            _more(shares.target),
        ),
    ]
    if own.very_high is None:
        known.append(("high", f"above {choice.amount(own.high)} {unit}", own.high, None, ""))
    else:
        high = _span(choice.beside(own.high, above=True), choice.amount(own.very_high), unit)
        above = f"above {choice.amount(own.very_high)} {unit}"
        known.append(("high", high, own.high, own.very_high, ""))
        known.append(("very-high", above, own.very_high, None, _less(shares.very_high)))
    last = [top - 1 if name in BELOW else top for name, _, _, top, _ in known if top is not None]
    counts = np.bincount(np.searchsorted(last, glucose), minlength=len(known))
    total = len(glucose)
    return tuple(
        Zone(name, values, bottom, top, 100 * int(count) / total if total else None, goal if timed else "")
        for (name, values, bottom, top, goal), count in zip(known, counts, strict=True)
    )


def sides(found: tuple[Zone, ...], choice: Choice, *, timed: bool = True) -> tuple[Side, Side]:
    """Return what lies above the target and what lies below it, each with its goal."""
    shares = choice.goals.shares
    high, low = (_less(shares.high), _less(shares.low)) if timed else ("", "")
    return (
        Side("above the target", together(found, "high", "very-high"), high),
        Side("below the target", together(found, "low", "very-low"), low),
    )


def together(found: tuple[Zone, ...], *names: Name) -> float | None:
    """Return the share of some zones together, None without readings."""
    own = [zone.share for zone in found if zone.name in names and zone.share is not None]
    return sum(own) if own else None


def percent(share: float | None) -> str:
    """Return a share as it is written."""
    return "unknown" if share is None else f"{share:.1f} %"


def hours(share: float | None) -> str:
    """Return a share of the day in hours and minutes."""
    if share is None:
        return "unknown"
    whole, minutes = divmod(round(share / 100 * MINUTES_A_DAY), 60)
    return f"{whole} h {minutes:02d} min" if whole else f"{minutes} min"


def _span(first: str, last: str, unit: str) -> str:
    return f"{first} to {last} {unit}"


def _less(goal: int | None) -> str:
    return "" if goal is None else f"goal: less than {goal} %"


def _more(goal: int) -> str:
    return f"goal: more than {goal} %"
