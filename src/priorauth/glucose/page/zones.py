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


@dataclass(frozen=True, slots=True)
class Zone:
    """One range: its values in words, its edges in mg/dL (above ``over``, up to ``upto``; None: open), and its share.

    ``share`` is percent of the readings, None without any; ``goal`` what is aimed at, empty where nothing is.
    """

    name: Name
    values: str
    over: int | None
    upto: int | None
    share: float | None
    goal: str

    @property
    def words(self) -> str:
        """Its name in words."""
        return WORDS[self.name]


@dataclass(frozen=True, slots=True)
class Side:
    """All above the target, or all below it."""

    words: str
    share: float | None
    goal: str


def zones(glucose: NDArray[np.int16], choice: Choice) -> tuple[Zone, ...]:
    """Return the zones of a population from the lowest to the highest, with the share of some readings in each."""
    goals, own = choice.goals, choice.goals.ranges
    shares, unit = goals.shares, choice.unit
    known: list[tuple[Name, str, int | None, int | None, str]] = [
        ("very-low", f"below {choice.amount(own.very_low)} {unit}", None, own.very_low - 1, _less(shares.very_low)),
        ("low", _span(choice, own.very_low, own.low, low=True), own.very_low - 1, own.low - 1, ""),
        ("target", f"{choice.amount(own.low)}–{choice.amount(own.high)} {unit}", own.low - 1, own.high, _more(shares.target)),
    ]
    if own.very_high is None:
        known.append(("high", f"above {choice.amount(own.high)} {unit}", own.high, None, ""))
    else:
        known.append(("high", _span(choice, own.high, own.very_high, low=False), own.high, own.very_high, ""))
        above = f"above {choice.amount(own.very_high)} {unit}"
        known.append(("very-high", above, own.very_high, None, _less(shares.very_high)))
    edges = [upto for _, _, _, upto, _ in known if upto is not None]
    places = np.searchsorted(edges, glucose, side="left")
    counts = np.bincount(places, minlength=len(known))
    total = len(glucose)
    return tuple(
        Zone(name, values, over, upto, 100 * int(count) / total if total else None, goal)
        for (name, values, over, upto, goal), count in zip(known, counts, strict=True)
    )


def sides(found: tuple[Zone, ...], choice: Choice) -> tuple[Side, Side]:
    """Return what lies above the target and what lies below it, each with its goal."""
    shares = choice.goals.shares
    return (
        Side("above the target", together(found, "high", "very-high"), _less(shares.high)),
        Side("below the target", together(found, "low", "very-low"), _less(shares.low)),
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


def _span(choice: Choice, first: int, last: int, *, low: bool) -> str:
    """Write the zone between two limits: above both ends of the target the upper limit is in it, below it is not."""
    if low:
        return f"{choice.amount(first)}–{choice.beside(last, above=False)} {choice.unit}"
    return f"{choice.beside(first, above=True)}–{choice.amount(last)} {choice.unit}"


def _less(goal: int | None) -> str:
    return "" if goal is None else f"goal: less than {goal} %"


def _more(goal: int) -> str:
    return f"goal: more than {goal} %"
