"""Quantities become whole multiples of a fact's resolution: converted by analyte, rounded half-up once, then held as
int.

``53 mmol/mol`` of HbA1c is ``0.09148 x 53 + 2.152 = 7.000`` and so 70 tenths of a percent, which is not above 7.0 %.
A unit that the analyte does not list is not converted and never guessed. Bounds say which values no true result can
have. Tables: ``policies/units.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct, field

from priorauth.errors import PolicyFaults
from priorauth.values import strict_yaml

TABLE = Path(__file__).parent.parent / "policies" / "units.yaml"
_EXACT = Context(prec=60)
_MAX_DIGITS = 18
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_KEYS = {"times", "divide", "plus", "also"}
_ANNOTATION = re.compile(r"\{(?![^{}]*(?:m2|m\^2|sq))[^{}]*\}")
_MICRO = str.maketrans("\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}", "uu")

Bounds = tuple[Fraction | None, Fraction | None]


class Conversion(Struct, frozen=True):
    """How one unit becomes the unit of the fact: value x times / divide + plus, exactly."""

    times: Fraction
    plus: Fraction

    def apply(self, value: Fraction) -> Fraction:
        """Convert an exact value."""
        return value * self.times + self.plus


class Units(Struct, frozen=True):
    """The units of every fact, by UCUM code and by the spellings that stand for one."""

    by_fact: Mapping[str, Mapping[str, Conversion]]
    bounds: Mapping[str, Bounds] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The UCUM codes in which each fact may be given, in the order of the table."""

    def conversion(self, fact: str, unit: str) -> Conversion | None:
        """Find how ``unit`` (a UCUM code or a known spelling) becomes the fact's unit; None where it does not."""
        listed = self.by_fact.get(fact)
        if listed is None:
            return None
        return listed.get(unit) or listed.get(plain(unit)) or listed.get(bare(unit))

    def plausible(self, fact: str) -> Bounds:
        """Return the least and the most that a true result can be, in the fact's unit; None where nothing bounds it."""
        return self.bounds.get(fact, (None, None))


def plain(unit: str) -> str:
    """Write a unit without what its writers disagree on: case, spaces, the sign for micro, signs raised or wide."""
    folded = unicodedata.normalize("NFKC", unit.translate(_MICRO)).lower().translate(_MICRO)
    return "".join(folded.split())


def bare(unit: str) -> str:
    """Write a unit plainly and without UCUM annotations, which carry no meaning: ``mg/g{creat}`` is ``mg/g``.

    One that names an area stays: laboratories write ``mL/min{1.73_m2}`` for what is no clearance of the whole body.
    """
    return _ANNOTATION.sub("", plain(unit))


def multiples(value: Fraction, resolution: Fraction) -> int:
    """Round half-up to whole multiples of a resolution: 7.05 at 0.1 is 71, -0.05 at 0.1 is 0."""
    above, below = value.numerator * resolution.denominator, value.denominator * resolution.numerator
    return (2 * above + below) // (2 * below)


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


def show(multiple: int, resolution: Fraction) -> str:
    """Write whole multiples of a resolution as a decimal: 81 at 0.1 is ``8.1``."""
    return _shown(multiple, resolution.numerator, resolution.denominator)


@lru_cache(maxsize=8192)
def _shown(multiple: int, numerator: int, denominator: int) -> str:
    """As :func:`show`; remembered by whole numbers, for to hash a fraction takes longer than to look it up."""
    resolution = Fraction(numerator, denominator)
    exact = multiple * resolution
    value = _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    places = max(0, -Decimal(str(float(resolution))).normalize().as_tuple().exponent)  # type: ignore[operator]
    return str(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_FLOOR, context=_EXACT))


@cache
def load(path: Path = TABLE) -> Units:
    """Load the table of units; raises PolicyFaults with the line of the first fault."""
    return _read(path, Units({}))


def _read(path: Path, base: Units) -> Units:
    top = strict_yaml.read_file(path)
    by_fact: dict[str, Mapping[str, Conversion]] = {}
    bounds: dict[str, Bounds] = {}
    codes: dict[str, tuple[str, ...]] = {}
    analytes = top.get("analytes")
    if not isinstance(analytes, strict_yaml.Mapping):
        raise PolicyFaults.at_line(str(path), top.line, "expected `analytes:`")
    for name, analyte in analytes.items():
        line = analytes.key_lines[name]
        facts = analyte.get("facts") if isinstance(analyte, strict_yaml.Mapping) else None
        if not isinstance(analyte, strict_yaml.Mapping) or not isinstance(facts, strict_yaml.Sequence):
            raise PolicyFaults.at_line(str(path), line, f"{name}: expected an analyte with `facts:` and `units:`")
        units = _units(analyte.get("units"), str(path), line)
        for fact in facts:
            if fact in by_fact:
                raise PolicyFaults.at_line(str(path), line, f"{name}: the units of {fact} are given twice")
            if fact in base.by_fact:
                said = f"{name}: {fact} has units in the shipped table, or in that of another folder"
                raise PolicyFaults.at_line(str(path), line, said)
            by_fact[str(fact)] = units
            codes[str(fact)] = tuple(str(code) for code in analyte["units"])
            if "plausible" in analyte:
                bounds[str(fact)] = _bounds(analyte["plausible"], str(path), analyte.key_lines["plausible"])
    return Units(by_fact, bounds, codes)


def _units(listed: strict_yaml.Value | None, name: str, line: int) -> Mapping[str, Conversion]:
    if not isinstance(listed, strict_yaml.Mapping):
        raise PolicyFaults.at_line(name, line, "expected `units:` with a mapping")
    found: dict[str, Conversion] = {}
    for code, row in listed.items():
        if not isinstance(row, strict_yaml.Mapping) or set(row) - _KEYS:
            raise PolicyFaults.at_line(name, listed.line, f"unit {code}: expected the keys {', '.join(sorted(_KEYS))}")
        try:
            part = {key: number(str(row[key])) for key in ("times", "divide", "plus") if key in row}
            times = part.get("times", Fraction(1)) / part.get("divide", Fraction(1))
        except (ValueError, ZeroDivisionError) as fault:
            raise PolicyFaults.at_line(name, row.line, f"unit {code}: {fault}") from None
        also = row.get("also", strict_yaml.Sequence())
        if not isinstance(also, strict_yaml.Sequence):
            raise PolicyFaults.at_line(name, row.line, f"unit {code}: expected a list of spellings, `also:`")
        conversion = Conversion(times, part.get("plus", Fraction(0)))
        for spelling in dict.fromkeys((plain(code), *(plain(str(other)) for other in also))):
            if spelling in found:
                raise PolicyFaults.at_line(name, row.line, f"unit {code}: {spelling!r} stands for another unit too")
            found[spelling] = conversion
    return {**found, **{code: found[plain(code)] for code in listed}}


def _bounds(row: strict_yaml.Value, name: str, line: int) -> Bounds:
    """Read what is plausible: a least or a most or both, in order, and where they come from."""
    wanted = "expected `plausible:` with low or high, two numbers in order, and their source"
    if not isinstance(row, strict_yaml.Mapping) or set(row) - {"low", "high", "source"} or not row.get("source"):
        raise PolicyFaults.at_line(name, line, wanted)
    try:
        low, high = (number(str(row[key])) if key in row else None for key in ("low", "high"))
    except ValueError as fault:
        raise PolicyFaults.at_line(name, line, f"plausible: {fault}") from None
    if (low is None and high is None) or (low is not None and high is not None and low >= high):
        raise PolicyFaults.at_line(name, line, wanted)
    return low, high


def extended(base: Units, path: Path) -> Units:
    """Lay the units of further facts over a table; raises PolicyFaults where a fact has units already."""
    more = _read(path, base)
    return Units({**base.by_fact, **more.by_fact}, {**base.bounds, **more.bounds}, {**base.codes, **more.codes})
