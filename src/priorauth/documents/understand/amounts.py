"""A number as it is written, held against the units and the bounds of its fact: the same as for a record."""

from __future__ import annotations

import re
from typing import Final

from priorauth.documents.understand import numbers
from priorauth.documents.understand.numbers import Amount
from priorauth.documents.understand.rules import Rule
from priorauth.values.units import Units, number

_NEEDED: Final = "?"
"""As the unit of a fact: nothing is taken without one."""
_ZERO: Final = re.compile(r"0(?:\.0*)?(?!\.?\d)")
_SPOKEN: Final = {"lbs": "lb", "pounds": "lb", "pound": "lb", "percent": "%", "pct": "%"}


def read(rule: Rule, units: Units, value: str, unit: str | None) -> str | None:
    """Return number and unit of a value as it is written; None where it cannot be one of the fact."""
    found = numbers.amount(value)
    if found is None or re.match(r"0\d", found.low) or ("plain" in rule.options and (found.high or "<" in found.sign)):
        return None
    said = unit or rule.unit
    if said == _NEEDED:
        return None
    return written(rule, units, found, said)


def written(rule: Rule, units: Units, amount: Amount, unit: str) -> str | None:
    """Return an amount with its unit; None where the unit is none of the fact's, or the number beyond its bounds."""
    spelled = " ".join(unit.split())
    conversion = units.conversion(rule.fact.name, spelled)
    if conversion is None:
        return None
    low, high = units.plausible(rule.fact.name)
    for said in (amount.low, amount.high):
        if said is None:
            continue
        exact = conversion.apply(number(said))
        if (low is not None and exact < low) or (high is not None and exact > high):
            return None
    if "lowest" in rule.options and conversion.apply(number(amount.low)) >= number(rule.options["lowest"][0]):
        return None
    return amount.written(_SPOKEN.get(spelled.lower(), re.sub(r"\s*/\s*", "/", spelled)))


def is_none(value: str) -> bool:
    """Whether a value as it is written is that of none: ``0 /d``."""
    return _ZERO.match(value) is not None


def difference(rule: Rule, units: Units, low: str, high: str) -> str | None:
    """Return by how much two numbers differ, in the fact's own unit; None where the second is not above the first."""
    first, second = numbers.amount(low), numbers.amount(high)
    if first is None or second is None or number(second.low) <= number(first.low):
        return None
    apart = number(second.low) - number(first.low)
    return None if apart.denominator != 1 else written(rule, units, Amount("", str(apart.numerator)), rule.unit)
