"""A truth as a pair of terms, as :mod:`priorauth.values.truth` has it of booleans: it can hold, it can fail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import z3

from priorauth.engines.solver.view import FALSE, TRUE, Bool, Int, all_, any_, not_
from priorauth.values.interval import Op


class Pair(NamedTuple):
    """A verdict as two terms."""

    hold: Bool
    fail: Bool

    @property
    def met(self) -> Bool:
        """Whether it is met."""
        return not_(self.fail)

    @property
    def not_met(self) -> Bool:
        """Whether it is not met."""
        return not_(self.hold)

    @property
    def open(self) -> Bool:
        """Whether it is unknown."""
        return all_([self.hold, self.fail])

    @property
    def settled(self) -> Bool:
        """Whether it is met or not met."""
        return not_(self.open)


MET, NOT_MET, UNKNOWN = Pair(TRUE, FALSE), Pair(FALSE, TRUE), Pair(TRUE, TRUE)


def at_least(k: int, parts: Iterable[Pair]) -> Pair:
    """Return whether at least ``k`` of the parts hold."""
    listed = list(parts)
    can = _at_least(k, [part.hold for part in listed])
    sure = _at_least(k, [part.met for part in listed])
    return Pair(can, not_(sure))


def _at_least(k: int, bits: list[Bool]) -> Bool:
    if k <= 1:
        return any_(bits) if k == 1 else TRUE
    if k == len(bits):
        return all_(bits)
    return FALSE if k > len(bits) else z3.PbGe([(bit, 1) for bit in bits], k)


def negate(part: Pair) -> Pair:
    """Swap what can hold and what can fail."""
    return Pair(part.fail, part.hold)


def if_(condition: Bool, yes: Pair, no: Pair) -> Pair:
    """Return one pair where a condition holds, else the other."""
    if condition is TRUE or condition is FALSE:
        return yes if condition is TRUE else no
    return Pair(
        any_([all_([condition, yes.hold]), all_([not_(condition), no.hold])]),
        any_([all_([condition, yes.fail]), all_([not_(condition), no.fail])]),
    )


def known(holds: Bool) -> Pair:
    """Return a truth that is never unknown."""
    return Pair(holds, not_(holds))


def related(low: Int, op: Op, limit: Int) -> Bool:
    """Whether a number stands in a relation to a limit."""
    match op:
        case ">":
            return low > limit
        case ">=":
            return low >= limit
        case "<":
            return low < limit
        case "<=":
            return low <= limit
        case "=":
            return low == limit


def compare(low: Int, high: Int, bounded: Bool, op: Op, limit: Int) -> Pair:
    """Return whether a number of ``low``..``high`` stands in a relation; not ``bounded``: ``high`` is infinite."""
    match op:
        case ">" | ">=":
            return Pair(any_([not_(bounded), related(high, op, limit)]), not_(related(low, op, limit)))
        case "<" | "<=":
            return Pair(related(low, op, limit), not_(all_([bounded, related(high, op, limit)])))
        case "=":
            can = all_([low <= limit, any_([not_(bounded), high >= limit])])
            return Pair(can, not_(all_([bounded, low == limit, high == limit])))
