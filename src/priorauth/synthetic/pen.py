"""A pen writes what every resource of a cohort needs: members, identifiers, days and clocks, as columns of bytes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from priorauth.synthetic.cohort import Cohort
from priorauth.synthetic.lines import Bytes, Whole, digits, joined
from priorauth.synthetic.numbers import Distributions
from priorauth.values.dates import EPOCH, MINUTES_A_DAY

DOCTORS: Final = 400
CLINICS: Final = 80
HOUR: Final = 60
_BEFORE: Final = 40_500
_AFTER: Final = 500


@dataclass(frozen=True, slots=True)
class Pen:
    """The cohort in hand, its numbers and its source of chance; ``who`` is always places of the cohort."""

    cohort: Cohort
    numbers: Distributions
    rng: np.random.Generator

    def member(self, who: Whole) -> Bytes:
        """Write the id of the member: 9 bytes."""
        return joined("m", digits(self.cohort.number[who], 8))

    def named(self, who: Whole, letter: str, turn: Whole, width: int) -> Bytes:
        """Write an id of a resource: the member's, a letter, and the turn in ``width`` digits."""
        return joined(self.member(who), f"-{letter}", digits(turn, width))

    def day(self, days: Whole) -> Bytes:
        """Write days as YYYY-MM-DD."""
        table, first = _calendar(self.cohort.as_of)
        return table[np.clip(days - first, 0, len(table) - 1)]

    def doctor(self, who: Whole) -> Bytes:
        """Write the number of the member's doctor: 4 digits."""
        return digits(self.cohort.number[who] * 7919 % DOCTORS, 4)

    def clinic(self, who: Whole) -> Bytes:
        """Write the number of that doctor's clinic: 3 digits."""
        return digits(self.cohort.number[who] * 7919 % DOCTORS % CLINICS, 3)

    def chance(self, name: str, count: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Draw so many times whether something of a given rate is so."""
        return self.rng.random(count) < self.numbers.one(name)


def clock(minutes: Whole) -> Bytes:
    """Write minutes of the day as HH:MM."""
    within = minutes % MINUTES_A_DAY
    return joined(digits(within // HOUR, 2), ":", digits(within % HOUR, 2))


def turns(counts: Whole) -> tuple[Whole, Whole]:
    """Return, for so many of each, whose each is and its turn from 0."""
    who = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return who, np.arange(len(who), dtype=np.int64) - starts


@cache
def _calendar(as_of: int) -> tuple[Bytes, int]:
    """Return every day around the export as text, and the first of them."""
    first = as_of - _BEFORE
    days = np.arange(first - EPOCH, as_of + _AFTER - EPOCH).astype("datetime64[D]")
    text = np.datetime_as_string(days).astype("S10")
    return text.view(np.uint8).reshape(-1, 10), first
