"""An amount is a glucose value as a file writes it: a number in a stated unit, or a word for what was out of reach.

It becomes whole mg/dL, converted exactly and rounded half-up once, so that thresholds fall as in the consensus tables:
3.0, 3.9, 10.0 and 13.9 mmol/L are 54, 70, 180 and 250 mg/dL. The factor is that of ``policies/units.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.reject import RejectReason
from priorauth.values import units

# What a stream may hold, in mg/dL. Below 20 and above 600 no meter or sensor on the market reports a number
# (ISO 15197 meters: 20 to 600; Dexcom and Guardian: 40 to 400; Libre: 40 to 500).
LOWEST: Final = 20
HIGHEST: Final = 600

_GLUCOSE: Final = "cgm_glucose"  # any fact of the analyte: all share its units
_STORED: Final = 100_000  # distinct values remembered; a real log has some hundreds
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", re.ASCII)
_REASONS: Final = tuple(RejectReason)

# The words of the vendors' exports, in the languages met so far; compared without case.
_LOW: Final = frozenset(
    {"low", "lo", "niedrig", "bajo", "baja", "bas", "basso", "laag", "lav", "låg", "matala", "baixo"}
)
_HIGH: Final = frozenset({"high", "hi", "hoch", "alto", "alta", "haut", "élevé", "hoog", "høj", "høy", "hög", "korkea"})
_BLANK: Final = frozenset({"", "-", "--", "---", "-------", "na", "n/a", "nan", "null", "none"})


class Unit(StrEnum):
    """A unit in which logs state glucose."""

    MG = "mg/dL"
    MMOL = "mmol/L"


class Limits(NamedTuple):
    """What a family of devices can measure, in mg/dL: what stands for its Low and High, and its numeric codes."""

    low: int
    high: int
    flag_numbers: bool = False  # numbers at or beyond low and high are the words in disguise
    last_error: int = 0  # whole numbers from 1 to this are error codes
    below: int = 0  # this and less stands for Low
    above: int = 0  # this, give or take what mmol/L rounds, stands for High; 0: nothing does


DEXCOM: Final = Limits(39, 401)  # reports 40 to 400
LIBRE: Final = Limits(39, 501)  # 40 to 500; tidepool-org/uploader issue 1460
LIBRE_STRIP: Final = Limits(LOWEST, 501)  # 20 to 500, the same issue; a stream holds nothing below 20
# cgm-remote-monitor: 39 is low, above 400 is high, 1 to 12 are codes of the receiver's special values.
NIGHTSCOUT: Final = Limits(39, 401, flag_numbers=True, last_error=12)
# CamAPS FX writes 1 and 2001 mg/dL for Low and High; in mmol/L that is 0.06 (or 0.1) and 111.1.
SENTINELS: Final = Limits(39, 401, below=2, above=2000)
_ROUNDED: Final = 4  # mg/dL by which one decimal of mmol/L may be off, and a bit


def unit_in(cell: str) -> Unit | None:
    """Find the one unit that a header cell states; None where it states none, or both."""
    text = cell.casefold().replace(" ", "")
    if "/min" in text:  # a rate of change
        return None
    found = [unit for unit, mark in ((Unit.MG, "mg/dl"), (Unit.MMOL, "mmol/l")) if mark in text]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=256)
def unit_named(text: str) -> Unit | None:
    """Read a unit that stands alone, as in a column of units or a FHIR code."""
    plain = text.casefold().replace(" ", "")
    return {"mg/dl": Unit.MG, "mgdl": Unit.MG, "mmol/l": Unit.MMOL, "mmol": Unit.MMOL}.get(plain)


class Amounts(dict[object, int]):
    """The values of one column, each distinct text judged once.

    ``amounts[text]`` is ``mg/dL | Flag << 10``, or ``-1 - place of the RejectReason`` for what is no reading.
    """

    def __init__(self, unit: Unit, limits: Limits = DEXCOM) -> None:
        """Start empty, for one unit and one family of devices."""
        super().__init__()
        self._mmol = unit is Unit.MMOL
        self._limits = limits
        conversion = units.load().conversion(_GLUCOSE, unit)
        if conversion is None:
            raise LookupError(f"units.yaml does not list {unit} for {_GLUCOSE}")
        self._conversion = conversion

    def __missing__(self, value: object) -> int:
        """Judge a value seen for the first time."""
        code = self._judge(value)
        if len(self) < _STORED:
            self[value] = code
        return code

    def codes(self, values: Iterable[object]) -> NDArray[np.int32]:
        """Judge many values."""
        return np.array([self[value] for value in values], dtype=np.int32)

    def _judge(self, value: object) -> int:
        text = value if isinstance(value, str) else "" if value is None else repr(value)
        text = text.strip()
        plain = text.casefold()
        if plain in _BLANK:
            return refused(RejectReason.NO_VALUE)
        if plain in _LOW:
            return coded(self._limits.low, Flag.LOW)
        if plain in _HIGH:
            return coded(self._limits.high, Flag.HIGH)
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        if not _NUMBER.fullmatch(text):
            return refused(RejectReason.UNREADABLE_VALUE)
        return self._number(units.number(text))

    def _number(self, value: Fraction) -> int:
        glucose = units.multiples(self._conversion.apply(value), Fraction(1))
        limits = self._limits
        if value.denominator == 1 and 1 <= value <= limits.last_error:
            return refused(RejectReason.ERROR_CODE)
        if 0 < glucose <= limits.below:
            return coded(limits.low, Flag.LOW)
        if limits.above and limits.above <= glucose <= limits.above + _ROUNDED:
            return coded(limits.high, Flag.HIGH)
        if LOWEST <= glucose <= HIGHEST:
            if limits.flag_numbers and glucose <= limits.low:
                return coded(glucose, Flag.LOW)
            if limits.flag_numbers and glucose >= limits.high:
                return coded(glucose, Flag.HIGH)
            return coded(glucose, Flag(0))
        if self._mmol:
            return refused(RejectReason.OTHER_UNIT if LOWEST <= value <= HIGHEST else RejectReason.OUT_OF_RANGE)
        return refused(RejectReason.OTHER_UNIT if 1 <= value < LOWEST else RejectReason.OUT_OF_RANGE)


def coded(glucose: int, flag: Flag) -> int:
    """Pack a reading's value and what the device said of it."""
    return glucose | int(flag) << 10


def refused(reason: RejectReason) -> int:
    """Pack the reason why a value is no reading."""
    return -1 - _REASONS.index(reason)


def reason_of(code: int) -> RejectReason:
    """Unpack what :func:`refused` packed."""
    return _REASONS[-1 - code]
