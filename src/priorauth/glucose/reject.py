"""A reject is a row of a log that is no reading, with the reason; a file that cannot be read is one clear error.

Every row that looked like a reading is either in a stream or counted here. Counts are complete; places are kept for the
first thousand rows only, so that a year of zeros costs no memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from priorauth.errors import Fault, LogRefused

DETAILED = 1000
_NAME_LENGTH = 120


class RejectReason(StrEnum):
    """Why a row is no reading."""

    UNREADABLE_TIME = "unreadable-time"
    NO_VALUE = "no-value"
    TEST_WITHOUT_VALUE = "test-without-value"  # a fingerstick was made; what it showed is lost
    UNREADABLE_VALUE = "unreadable-value"
    UNIT_UNKNOWN = "unit-unknown"
    OTHER_UNIT = "other-unit"  # the number can only have been meant in the other unit
    OUT_OF_RANGE = "out-of-range"
    ERROR_CODE = "error-code"
    DUPLICATE = "duplicate"
    SECOND_DEVICE = "second-device"  # the sensor's readings of the same hours, by another device
    COPY_OF_FINGERSTICK = "copy-of-fingerstick"  # a calibration, or one test passed on to a second device
    CONTROL_SOLUTION = "control-solution"
    SCAN = "scan"  # a look at the sensor between its stored readings
    NOT_GLUCOSE = "not-glucose"
    DEVICE_UNKNOWN = "device-unknown"  # nothing says whether a sensor or a meter measured
    WITHDRAWN = "withdrawn"  # entered in error, cancelled, or replaced by a later version
    TRUNCATED_LINE = "truncated-line"


class Reject(NamedTuple):
    """One row left out: its 1-based row in the file (or 1-based place in the array), and why."""

    row: int
    reason: RejectReason


class UnknownFormat(LogRefused):
    """A file that is no glucose log of a known form: beside a log in an archive, it is left alone."""


def unknown_format(name: str, problem: str) -> UnknownFormat:
    """Return the error of a file that is no glucose log of a known form."""
    return UnknownFormat(*log_refused(name, problem).faults)


def log_refused(name: str, problem: str, row: int | None = None, *, argument: str | None = None) -> LogRefused:
    """Return the error of a log that is not read: the file, the row where there is one, and what was expected.

    ``argument`` is the argument of the call that does not fit the log. The problem never quotes the file's contents,
    which may name the patient.
    """
    shown = "".join(char if char.isprintable() else "?" for char in name[:_NAME_LENGTH])
    if argument is not None:
        return LogRefused(Fault.of_argument(argument, problem, shown))
    return LogRefused(Fault.at_row(shown, row, problem))


class Tally:
    """What was left out while a file was read: a count for each reason, and the first places."""

    def __init__(self) -> None:
        """Start with nothing left out."""
        self._counts: Counter[RejectReason] = Counter()
        self._places: dict[RejectReason, list[int]] = {}

    def add(self, reason: RejectReason, rows: Sequence[int] | NDArray[np.integer]) -> None:
        """Count rows left out for one reason."""
        if not len(rows):
            return
        self._counts[reason] += len(rows)
        places = self._places.setdefault(reason, [])
        room = DETAILED - len(places)
        if room > 0:
            places.extend(int(row) for row in rows[:room])

    def counts(self) -> Mapping[str, int]:
        """Return the complete counts, in the order of the reasons."""
        return {str(reason): self._counts[reason] for reason in RejectReason if self._counts[reason]}

    def rejects(self) -> tuple[Reject, ...]:
        """Return the first thousand places, by row."""
        order = list(RejectReason)
        found = [Reject(row, reason) for reason, rows in self._places.items() for row in rows]
        return tuple(sorted(found, key=lambda reject: (reject.row, order.index(reject.reason)))[:DETAILED])
