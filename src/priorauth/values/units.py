"""Quantities become whole multiples of a fact's resolution: converted by analyte, rounded half-up once, then held as
int.

``53 mmol/mol`` of HbA1c is ``0.09148 x 53 + 2.152 = 7.000`` and so 70 tenths of a percent, which is not above 7.0 %.
A unit that the analyte does not list is not converted and never guessed. Tables: ``policies/units.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

from priorauth.values import strict_yaml

TABLE = Path(__file__).parent.parent / "policies" / "units.yaml"
_EXACT = Context(prec=60)
_MAX_DIGITS = 18
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_KEYS = {"times", "divide", "plus", "also"}


@dataclass(frozen=True, slots=True)
class Conversion:
    """How one unit becomes the unit of the fact: value x times / divide + plus, exactly."""

    times: Fraction
    plus: Fraction

    def apply(self, value: Fraction) -> Fraction:
        """Convert an exact value."""
        return value * self.times + self.plus


@dataclass(frozen=True, slots=True)
class Units:
    """The units of every fact, by UCUM code and by the spellings that stand for one."""

    by_fact: Mapping[str, Mapping[str, Conversion]]

    def conversion(self, fact: str, unit: str) -> Conversion | None:
        """Find how ``unit`` (a UCUM code or a known spelling) becomes the fact's unit; None where it does not."""
        listed = self.by_fact.get(fact)
        if listed is None:
            return None
        return listed.get(unit) or listed.get(_plain(unit))


def multiples(value: Fraction, resolution: Fraction) -> int:
    """Round half-up to whole multiples of a resolution: 7.05 at 0.1 is 71, -0.05 at 0.1 is 0."""
    scaled = value / resolution + Fraction(1, 2)
    return scaled.numerator // scaled.denominator


def number(text: str | Decimal) -> Fraction:
    """Read a decimal number exactly; raises ValueError for what is no number or is absurdly long."""
    return _exact(text) if isinstance(text, Decimal) else _written(text)


@lru_cache(maxsize=8192)
def _written(text: str) -> Fraction:
    """Read a number once, however often it is asked for: those of the tables are."""
    if not _NUMBER.fullmatch(text):
        msg = f"expected a number, found {text[:40]!r}"
        raise ValueError(msg)
    return _exact(Decimal(text))


def _exact(value: Decimal) -> Fraction:
    if not value.is_finite() or abs(value.adjusted()) > _MAX_DIGITS or len(value.as_tuple().digits) > 2 * _MAX_DIGITS:
        msg = f"expected a finite number of at most {_MAX_DIGITS} digits"
        raise ValueError(msg)
    return Fraction(value)


@lru_cache(maxsize=8192)
def show(multiple: int, resolution: Fraction) -> str:
    """Write whole multiples of a resolution as a decimal: 81 at 0.1 is ``8.1``."""
    exact = multiple * resolution
    value = _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    places = max(0, -Decimal(str(float(resolution))).normalize().as_tuple().exponent)  # type: ignore[operator]
    return str(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR, context=_EXACT))


@cache
def load(path: Path = TABLE) -> Units:
    """Load the table of units; raises YamlFault with the line of the first fault."""
    top = strict_yaml.read_file(path)
    by_fact: dict[str, Mapping[str, Conversion]] = {}
    analytes = top.get("analytes")
    if not isinstance(analytes, strict_yaml.Mapping):
        raise strict_yaml.YamlFault(str(path), top.line, "expected `analytes:`")
    for analyte in analytes.values():
        if not isinstance(analyte, strict_yaml.Mapping):
            raise strict_yaml.YamlFault(str(path), top.line, "expected an analyte with `facts:` and `units:`")
        units = _units(analyte.get("units"), str(path))
        for fact in analyte.get("facts", ()):
            by_fact[str(fact)] = units
    return Units(by_fact)


def _units(listed: strict_yaml.Value | None, name: str) -> Mapping[str, Conversion]:
    if not isinstance(listed, strict_yaml.Mapping):
        raise strict_yaml.YamlFault(name, 1, "expected `units:` with a mapping")
    found: dict[str, Conversion] = {}
    for code, row in listed.items():
        if not isinstance(row, strict_yaml.Mapping) or set(row) - _KEYS:
            raise strict_yaml.YamlFault(name, listed.line, f"unit {code}: expected the keys {', '.join(sorted(_KEYS))}")
        try:
            part = {key: number(str(row[key])) for key in ("times", "divide", "plus") if key in row}
            times = part.get("times", Fraction(1)) / part.get("divide", Fraction(1))
        except (ValueError, ZeroDivisionError) as fault:
            raise strict_yaml.YamlFault(name, row.line, f"unit {code}: {fault}") from None
        conversion = Conversion(times, part.get("plus", Fraction(0)))
        found[code] = conversion
        for spelling in (code, *(str(other) for other in row.get("also", ()))):
            found.setdefault(_plain(spelling), conversion)
    return found


def _plain(unit: str) -> str:
    return unit.replace(" ", "").lower()


def extended(base: Units, path: Path) -> Units:
    """Lay the units of further facts over a table."""
    return Units({**base.by_fact, **load(path).by_fact})
