"""The outcome: the first row of one table whose sign holds. Software approves, asks, or hands over; it never denies.

The table is data: Python walks it here, a population's SQL is made from the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Outcome = Literal[
    "not-applicable",
    "other-criteria",
    "not-required",
    "request-information",
    "clinical-review",
    "not-yet",
    "approve",
]
Sign = Literal[
    "scope_differs",
    "other_criteria",
    "not_required",
    "scope_unknown",
    "excluded",
    "failed",
    "no_pathway",
    "conflict",
    "reserved",
    "waiting",
    "askable",
    "only_time",
    "undecided",
]

TABLE: tuple[tuple[Outcome, tuple[Sign, ...]], ...] = (
    ("not-applicable", ("scope_differs",)),
    ("other-criteria", ("other_criteria",)),
    ("not-required", ("not_required",)),
    ("request-information", ("scope_unknown",)),
    ("clinical-review", ("excluded", "failed", "no_pathway", "conflict", "reserved")),
    ("not-yet", ("waiting",)),
    ("request-information", ("askable",)),
    ("not-yet", ("only_time",)),
    ("clinical-review", ("undecided",)),
    ("approve", ()),
)
"""Outcome and the signs of which any one brings it about; the last row needs none. ``askable`` and ``only_time`` say
more than ``undecided`` and hold only where it does. ``waiting`` is a pathway that is not met now and that time alone
may open, ``failed`` one that is not met whatever time brings."""

UNREAD: Outcome = "clinical-review"
"""The outcome under a newer text that was not read, whatever the signs are by the older one."""


EARLY: tuple[Sign, ...] = ("scope_differs", "other_criteria", "not_required")
"""Signs of scope: where one holds nothing is weighed and nothing is asked."""
SETTLED: tuple[Sign, ...] = ("excluded", "failed", "no_pathway", "conflict", "reserved", "waiting")
"""Signs of a request in scope that no answer changes: where one holds nothing is asked."""


def outcome(signs: Mapping[Sign, bool]) -> Outcome:
    """Return the first outcome one of whose signs holds."""
    for result, wanted in TABLE:
        if not wanted or any(signs.get(sign, False) for sign in wanted):
            return result
    raise AssertionError  # pragma: no cover - the last row always holds
