"""A FHIR Quantity becomes what is known of a number in whole multiples of a fact's resolution: an interval, or a fault.

A comparator gives an open interval. Where the bound itself had to be rounded, that end is closed: what is below 7.04
may round to 7.0. A unit that the fact does not list, a unit and a code that disagree, and a number beyond what is
plausible of the analyte are faults, and then nothing is known of the number.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir.elements import Quantity
from priorauth.values.units import Units, multiples, number

UCUM: Final = "http://unitsofmeasure.org"
_REMEMBERED: Final = 20_000


class Amount(NamedTuple):
    """What is known of a number in whole multiples of the resolution; ``fault`` where nothing is."""

    low: int | None
    high: int | None
    low_open: bool = False
    high_open: bool = False
    fault: str | None = None


class Scales:
    """The units and resolutions of every fact."""

    def __init__(self, vocabulary: Vocabulary, units: Units) -> None:
        """Take the tables."""
        self.vocabulary = vocabulary
        self.units = units
        self._memory: dict[tuple[str, ...], Amount] = {}

    def amount(self, fact: str, quantity: Quantity) -> Amount:
        """Convert, round half-up once, and say what is known; a missing number or an unknown unit is a fault."""
        written = str(quantity.value)  # an 8.1 with hundreds of zeros is equal to 8.1, but it is not read
        key = (fact, written, quantity.comparator, quantity.code, quantity.unit, quantity.system)
        found = self._memory.get(key)
        if found is None:
            found = self._amount(fact, quantity)
            if len(self._memory) < _REMEMBERED:
                self._memory[key] = found
        return found

    def exact(self, fact: str, quantity: Quantity) -> Fraction | None:
        """Convert without rounding; None where the unit is unknown or there is no number."""
        if quantity.value is None:
            return None
        unit = self._unit(fact, quantity)
        try:
            value = number(quantity.value)
        except ValueError:
            return None
        conversion = None if unit is None else self.units.conversion(fact, unit)
        return None if conversion is None else conversion.apply(value)

    def credible(self, fact: str, quantity: Quantity) -> Fraction | None:
        """Convert without rounding; None where nothing is known of the number (see :meth:`amount`)."""
        return None if self.amount(fact, quantity).fault is not None else self.exact(fact, quantity)

    def plain(self, fact: str, value: Decimal | int) -> int | None:
        """Round a number that stands in the fact's own unit; None for no number, or for one that is not plausible."""
        try:
            exact = number(Decimal(value))
        except ValueError:
            return None
        return multiples(exact, self.resolution(fact)) if self.plausible(fact, exact) else None

    def plausible(self, fact: str, exact: Fraction) -> bool:
        """Return whether a number in the fact's own unit lies within the bounds of its analyte."""
        low, high = self.units.plausible(fact)
        return (low is None or exact >= low) and (high is None or exact <= high)

    def _disagree(self, fact: str, quantity: Quantity) -> bool:
        """Return whether unit and code are both units of the fact, and not the same one."""
        if not quantity.code or not quantity.unit:
            return False
        printed, coded = (self.units.conversion(fact, unit) for unit in (quantity.unit, quantity.code))
        return printed is not None and coded is not None and printed != coded

    def resolution(self, fact: str) -> Fraction:
        """Return the resolution of a fact."""
        return self.vocabulary[fact].resolution

    def multiple(self, fact: str, value: Fraction) -> int:
        """Round an exact number that stands in the fact's own unit."""
        return multiples(value, self.resolution(fact))

    def _unit(self, fact: str, quantity: Quantity) -> str | None:
        """Choose the unit to convert from: the UCUM code, else the unit as it is printed."""
        for unit in (quantity.code, quantity.unit):
            if unit and self.units.conversion(fact, unit) is not None:
                return unit
            if unit and quantity.system == UCUM:
                return None
        return None

    def _amount(self, fact: str, quantity: Quantity) -> Amount:
        if quantity.value is None:
            return Amount(None, None, fault="no number")
        exact = self.exact(fact, quantity)
        if exact is None:
            unit = (quantity.code or quantity.unit)[:40]
            return Amount(None, None, fault=f"unit {unit!r} is not a unit of {fact}" if unit else "no unit")
        if self._disagree(fact, quantity):
            return Amount(None, None, fault="its unit and the code of its unit disagree")
        if not self.plausible(fact, exact):
            return Amount(None, None, fault="no plausible value: a true result does not lie there")
        resolution = self.resolution(fact)
        bound = multiples(exact, resolution)
        clean = bound * resolution == exact
        match quantity.comparator:
            case "":
                return Amount(bound, bound)
            case "<":
                return Amount(None, bound, high_open=clean)
            case "<=":
                return Amount(None, bound)
            case ">":
                return Amount(bound, None, low_open=clean)
            case ">=":
                return Amount(bound, None)
            case other:
                return Amount(None, None, fault=f"comparator {other[:10]!r} cannot be read")


_SCALES: dict[tuple[str, int], Scales] = {}
_KEPT: Final = 8


def scales(vocabulary: Vocabulary, units: Units) -> Scales:
    """Return the scales of a vocabulary and its units; what was converted once is remembered."""
    key = (vocabulary.sha256, id(units))
    found = _SCALES.get(key)
    if found is None or found.vocabulary is not vocabulary or found.units is not units:
        if len(_SCALES) >= _KEPT:
            _SCALES.clear()
        found = _SCALES[key] = Scales(vocabulary, units)
    return found
