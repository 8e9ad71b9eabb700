"""Whether two values, as documents write them, say the same of a fact: 8.4 % and 8.40 %, 71 mmol/mol and 8.6 %."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, NamedTuple

from priorauth.facts.vocabulary import Fact
from priorauth.values import dates, units
from priorauth.values.units import Units

_NUMBER: Final = r"\d[\d,]{0,12}(?:\.\d{1,9})?"
_QUANTITY: Final = re.compile(rf"(<=|>=|≤|≥|<|>|~)?\s*({_NUMBER})(?:\s*(?:-|to)\s*({_NUMBER}))?\s*([^\d\s].*)?")
_SIGNS: Final = {"≤": "<=", "≥": ">=", "~": ""}


class Quantity(NamedTuple):
    """A number as it is written, or a range; ``unit`` is empty where none stands behind it."""

    sign: str
    low: Fraction
    high: Fraction | None
    unit: str


def quantity(said: str) -> Quantity | None:
    """Return the number that a value is; None where it is none: a word, a date, a code."""
    found = _QUANTITY.fullmatch(said.strip())
    if found is None or _is_date(said.strip()):
        return None
    sign = found[1] or ""
    try:
        low, high = (None if part is None else units.number(part.replace(",", "")) for part in (found[2], found[3]))
    except ValueError:
        return None
    if low is None:
        return None
    return Quantity(_SIGNS.get(sign, sign), low, high, " ".join((found[4] or "").split()))


def same(fact: Fact, one: str, other: str, table: Units, usual: str) -> bool:
    """Whether two values say the same. ``usual``: the unit of a number that stands without one; "?" for none.

    Numbers in one unit are the same as they stand, in two units after rounding to the resolution of the fact.
    """
    if one.strip().casefold() == other.strip().casefold():
        return True
    first, second = quantity(one), quantity(other)
    if first is None or second is None or first.sign != second.sign or (first.high is None) != (second.high is None):
        return False
    spelled = [each.unit or usual for each in (first, second)]
    if units.plain(spelled[0]) == units.plain(spelled[1]):
        return (first.low, first.high) == (second.low, second.high)
    converted = [table.conversion(fact.name, unit) for unit in spelled]
    if converted[0] is None or converted[1] is None:
        return False
    alike = converted[0] == converted[1]
    for low, high in ((first.low, second.low), (first.high, second.high)):
        if low is None or high is None:
            continue
        exact = (converted[0].apply(low), converted[1].apply(high))
        if exact[0] != exact[1] and (
            alike or units.multiples(exact[0], fact.resolution) != units.multiples(exact[1], fact.resolution)
        ):
            return False
    return True


def _is_date(said: str) -> bool:
    try:
        return dates.read(said).first > 0 and len(said) > 4  # noqa: PLR2004 - four figures are a number as well
    except ValueError:
        return False
