"""Truth is a pair of plain booleans: whether a statement can hold and whether it can fail.

======== ======== ======== ==========================================
verdict  can_hold can_fail meaning
======== ======== ======== ==========================================
MET      yes      no       proven
NOT_MET  no       yes      disproven
UNKNOWN  yes      yes      the record does not settle it
======== ======== ======== ==========================================

``(False, False)`` never occurs. One connective, :func:`at_least`, gives ``any`` (k = 1) and ``all`` (k = n).
The same pair of columns stands in SQL and the same pair of terms in the solver, so no engine has logic of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Truth(NamedTuple):
    """A verdict as two booleans: it can hold, it can fail."""

    can_hold: bool
    can_fail: bool

    @property
    def settled(self) -> bool:
        """Whether the verdict is met or not met."""
        return self.can_hold != self.can_fail


MET = Truth(can_hold=True, can_fail=False)
NOT_MET = Truth(can_hold=False, can_fail=True)
UNKNOWN = Truth(can_hold=True, can_fail=True)


_PAIRS = ((Truth(can_hold=False, can_fail=False), NOT_MET), (MET, UNKNOWN))
"""The pairs by what they hold: one object each, so that none is made anew for each row and each part."""


def pair(can_hold: bool, can_fail: bool) -> Truth:  # noqa: FBT001 - the two halves of a verdict, in their order
    """Return the verdict of two booleans."""
    return _PAIRS[can_hold][can_fail]


def verdict(*, holds: bool) -> Truth:
    """Return MET where it holds, else NOT_MET."""
    return MET if holds else NOT_MET


def at_least(k: int, parts: Iterable[Truth]) -> Truth:
    """Whether at least ``k`` of the parts hold."""
    listed = tuple(parts)
    return _PAIRS[len(listed) - listed.count(NOT_MET) >= k][listed.count(MET) < k]


def negate(part: Truth) -> Truth:
    """Swap what can hold and what can fail."""
    return _PAIRS[part.can_fail][part.can_hold]


def any_of(parts: Iterable[Truth]) -> Truth:
    """Whether one of the parts holds; of no parts, none does."""
    return at_least(1, parts)


def all_of(parts: Iterable[Truth]) -> Truth:
    """Whether every part holds; of no parts, all do."""
    listed = tuple(parts)
    return at_least(len(listed), listed)


def none_of(parts: Iterable[Truth]) -> Truth:
    """Whether no part holds."""
    return negate(any_of(parts))
