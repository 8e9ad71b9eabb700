"""The page of a run: outcomes, the steps of each pathway as a funnel, and what is asked, as one HTML text.

The page stands alone: no script, nothing from the network. Beside each drawing stands the table of its numbers. It
names no member; with ``least``, counts of few members are hidden, and one more of a row where the row's total would
give the hidden one away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from priorauth.engines.sql.weighing import STATUSES
from priorauth.errors import Fault, PopulationError
from priorauth.population.dataset import About

if TYPE_CHECKING:
    from jinja2 import Environment

WIDTH: Final = 600
BAR: Final = 16
HIDDEN: Final = "hidden"
ASKED: Final = 20
SHORTEST: Final = 1.5
"""How wide a bar of anybody is at least, so that it is seen."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number as it is shown, and how wide it is drawn (0: not at all)."""

    name: str
    said: str
    share: str = ""
    x: float = 0.0
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a funnel: its criterion, its statuses as parts of a bar, who is left after it, who misses it alone."""

    criterion: str
    title: str
    anchor: str
    parts: tuple[Count, ...]
    left: Count
    alone: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """A pathway and its steps; ``taken``: how many members it takes."""

    pathway: str
    anchor: str
    taken: str
    steps: tuple[Step, ...]


def page(about: About, least: int = 0) -> str:
    """Return the page of a run; counts from 1 to below ``least`` are hidden. Raises PopulationError."""
    found = about.summary
    try:
        members = int(found["members"])
        outcomes = _bar(found["outcomes"], members, least)
        taken = _hidden(found["pathways"], least)
        funnels = [
            Funnel(
                name,
                f"pathway-{place}",
                HIDDEN if name in taken else f"{count:,}",
                tuple(
                    _steps(f"pathway-{place}", [one for one in found["steps"] if one["pathway"] == name], count, least)
                ),
            )
            for place, (name, count) in enumerate(found["pathways"].items(), 1)
        ]
        asked = [(name, _said(count, least)) for name, count in found["asked"].items()]
        supposed = [(name, _said(count, least)) for name, count in found.get("supposed", {}).items()]
    except (KeyError, TypeError, ValueError):
        raise PopulationError(Fault(None, None, "expected the summary of a run")) from None
    return (
        _environment()
        .get_template("funnel.html")
        .render(
            about=about,
            members=_said(members, least),
            outcomes=outcomes,
            funnels=funnels,
            asked=asked[:ASKED],
            more=max(0, len(asked) - ASKED),
            supposed=supposed,
            statuses=STATUSES,
            least=least,
            width=WIDTH,
            bar=BAR,
        )
    )


def _said(count: int, least: int) -> str:
    return HIDDEN if 0 < count < least else f"{count:,}"


def _hidden(counts: Mapping[str, int], least: int) -> set[str]:
    """Return which of counts with a known total are hidden: the small ones, and if that is one, the next larger too."""
    hidden = {name for name, count in counts.items() if 0 < count < least}
    if len(hidden) == 1:
        others = sorted((count, name) for name, count in counts.items() if count and name not in hidden)
        hidden |= {name for _, name in others[:1]}
    return hidden


def _bar(counts: Mapping[str, int], total: int, least: int) -> tuple[Count, ...]:
    """Return counts as parts of one bar, side by side; what is hidden has no width."""
    hidden = _hidden(counts, least)
    made, x = [], 0.0
    for name, count in counts.items():
        if name in hidden:
            made.append(Count(name, HIDDEN))
            continue
        width = max(SHORTEST, WIDTH * count / total) if count and total else 0.0
        share = f"{100 * count / total:.1f} %" if total else ""
        made.append(Count(name, f"{count:,}", share, round(min(x, WIDTH - width), 1), round(width, 1)))
        x += width
    return tuple(made)


def _steps(anchor: str, steps: Iterable[Mapping[str, Any]], taken: int, least: int) -> Iterator[Step]:
    """Yield the steps of a pathway that takes so many members."""
    for turn, step in enumerate(steps, 1):
        left = int(step["left"])
        said = _said(left, least)
        width = round(WIDTH * left / taken, 1) if taken and said != HIDDEN else 0.0
        yield Step(
            step["criterion"],
            step["title"],
            f"{anchor}-{turn}",
            _bar({status: int(step[status]) for status in STATUSES}, taken, least),
            Count("left", said, "", 0.0, width),
            _said(int(step["alone"]), least),
        )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("priorauth.population"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
