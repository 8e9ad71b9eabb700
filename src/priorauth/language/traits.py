"""Traits of the forms, declared once for the checker and for every engine: one row a form.

How a form is evaluated is each engine's own; what it may speak of, how its numbers are read, and what silence and two
sources mean for it is the same for all of them and stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from priorauth.facts.vocabulary import Kind
from priorauth.language import forms as f

Scale = Literal["fact", "difference", "attribute", "whole", "one or more", "percent", "days", "per day"]
"""How a number of a form is read: in the unit of its fact, as a difference of two such numbers, as the attribute is, or
as a plain number (``days``: a whole number, or a percentage of the days of the window)."""

DATED: tuple[Kind, ...] = ("event", "measurement")


class Trait(Struct, frozen=True):
    """What is said of a form."""

    kinds: tuple[Kind, ...]
    """The kinds of fact that it may speak of."""
    numbers: Mapping[str, Scale] = field(default_factory=dict)
    """Its fields that hold a number, in the order in which they are checked, and how each is read."""
    silenced: bool = False
    """Whether no word on its fact can settle it, where the vocabulary lets silence say no."""
    sided: bool = True
    """Whether the answers alone and the record alone each give it a verdict that may contradict the other's."""
    asked: bool = True
    """Whether anybody but a clinician of the payer can answer it."""
    to_request: bool = False
    """Whether it counts up to the request, whatever its windows."""
    tolerance: Scale | None = None
    """Of a measure that ``no worse than before`` compares: how the tolerance is read; None: it may not be compared."""
    lasting: tuple[str, ...] = ()
    """Its fields that hold a length of at least a day."""
    only_dates: tuple[Kind, ...] = ()
    """The kinds whose facts it takes only where they are dates."""


TRAITS: Mapping[type[f.Form], Trait] = {
    f.Latest: Trait(("measurement",), {"compare": "fact"}, sided=False, tolerance="difference"),
    f.NoRow: Trait(DATED, silenced=True),
    f.AnyRow: Trait(DATED, {"compare": "fact"}, silenced=True),
    f.Share: Trait(
        ("measurement",),
        {"least": "one or more", "above": "fact", "compare": "percent"},
        tolerance="percent",
    ),
    f.Count: Trait(DATED, {"test": "fact", "compare": "whole"}, tolerance="whole"),
    f.DaysWith: Trait(DATED, {"test": "fact", "compare": "days"}, tolerance="whole"),
    f.Average: Trait(DATED, {"compare": "per day"}, tolerance="per day"),
    f.Spread: Trait(("measurement",), {"compare": "difference"}, tolerance="difference"),
    f.Sum: Trait(("measurement",), {"compare": "fact"}),
    f.Spaced: Trait(DATED, {"test": "fact", "compare": "whole"}, lasting=("apart",)),
    f.Gap: Trait(("event",)),
    f.Throughout: Trait(("regimen", "condition"), {"compare": "fact"}, silenced=True),
    f.On: Trait(("regimen", "condition"), {"compare": "fact"}, silenced=True),
    f.Stated: Trait(("attestation",), silenced=True),
    f.Lasts: Trait(("condition", "regimen"), to_request=True),
    f.Documented: Trait(("event", "measurement", "attribute", "attestation"), sided=False, only_dates=("attribute",)),
    f.Is: Trait(("attribute",)),
    f.Has: Trait(("attribute",), {"compare": "attribute"}),
    f.Age: Trait(("attribute",), {"years": "whole"}),
    f.Earlier: Trait(("attribute", "condition"), only_dates=("attribute",)),
    f.Later: Trait(("attribute", "condition"), only_dates=("attribute",)),
    f.Recent: Trait(("attribute",), only_dates=("attribute",)),
    f.Offset: Trait(("attribute",), only_dates=("attribute",)),
    f.NoWorse: Trait(DATED, to_request=True),
    f.Judged: Trait(("judgment",), silenced=True, sided=False, asked=False),
    f.Refused: Trait(("judgment",), sided=False, asked=False),
}
"""Every form of the language."""


def of(form: f.Form) -> Trait:
    """Return the traits of a form."""
    return TRAITS[type(form)]
