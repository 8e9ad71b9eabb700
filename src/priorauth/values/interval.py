"""An interval is what is known of a number: it lies between two ends, either of which may be open or missing.

Ends are integers (whole multiples of a fact's resolution, counts, or days); ``None`` is infinity. An exact value has
two equal ends. One rule serves exact results, results with a comparator (``> 14 %``), and bounds on a count.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from priorauth.values.truth import NOT_MET, Truth, negate, pair

Op = Literal[">", ">=", "<", "<=", "="]
OPS: tuple[Op, ...] = (">", ">=", "<", "<=", "=")
Number = int | Fraction
_End = tuple[Number | None, bool]


class Interval(NamedTuple):
    """What is known of a number. ``None`` is no bound; an open end is not itself possible."""

    low: Number | None
    high: Number | None
    low_open: bool = False
    high_open: bool = False


ANYTHING = Interval(None, None)


def exactly(value: Number) -> Interval:
    """Return the interval of a number known exactly."""
    return Interval(value, value)


def compare(value: Interval, op: Op, limit: Number) -> Truth:
    """Whether a number known only to lie in an interval stands in the relation ``op`` to ``limit``."""
    match op:
        case ">":
            return _above(value, limit)
        case "<=":
            return negate(_above(value, limit))
        case "<":
            return _below(value, limit)
        case ">=":
            return negate(_below(value, limit))
        case "=":
            above, below = _above(value, limit), _below(value, limit)
            if above.can_fail and below.can_fail:
                return Truth(can_hold=True, can_fail=above.can_hold or below.can_hold)
            return NOT_MET


def between(value: Interval, low: Number, high: Number) -> Truth:
    """Whether the number lies in ``low``..``high``, both ends included."""
    at_low, at_high = compare(value, ">=", low), compare(value, "<=", high)
    if not (at_low.can_hold and at_high.can_hold):
        return NOT_MET
    return Truth(can_hold=True, can_fail=at_low.can_fail or at_high.can_fail)


def hull(one: Interval, two: Interval) -> Interval:
    """Return the least interval that holds both."""
    low, low_open = _outer((one.low, one.low_open), (two.low, two.low_open), least=True)
    high, high_open = _outer((one.high, one.high_open), (two.high, two.high_open), least=False)
    return Interval(low, high, low_open, high_open)


def _above(value: Interval, limit: Number) -> Truth:
    """Whether the number is greater than the limit."""
    low, high, low_open, _ = value
    surely = low is not None and (low > limit or (low_open and low == limit))
    return pair(surely or high is None or high > limit, not surely)


def _below(value: Interval, limit: Number) -> Truth:
    """Whether the number is less than the limit."""
    low, high, _, high_open = value
    surely = high is not None and (high < limit or (high_open and high == limit))
    return pair(surely or low is None or low < limit, not surely)


def _outer(one: _End, two: _End, *, least: bool) -> _End:
    """Return the end that lies further out; of equal ends the one that belongs to the interval."""
    if one[0] is None or two[0] is None:
        return None, False
    if one[0] == two[0]:
        return one[0], one[1] and two[1]
    return one if (one[0] < two[0]) == least else two
