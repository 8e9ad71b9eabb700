"""Until when an answer to a request for information helps: what the law gives at least, else half of what is left."""

from __future__ import annotations

import datetime as dt

from priorauth.letters.facts import Clock
from priorauth.letters.lines import Owed


def answer_by(right: Owed, clock: Clock, asked: dt.datetime) -> dt.datetime:
    """Return the last moment of an answer.

    Where asking stops the clock it is the law's least time, in hours where the request is urgent. Where the clock runs
    on, it is the law's least time or else half of what is left, and never after the clock.
    """
    least = _least(right, fast=clock.fast)
    if clock.asking != "runs on":
        return asked + (least or (clock.due - asked) / 2)
    chosen = asked + least if least else asked + (clock.due - asked) / 2
    return min(_whole_minute(chosen), clock.due)


def _least(right: Owed, *, fast: bool) -> dt.timedelta | None:
    if right.answer is None:
        return None
    if fast:
        return dt.timedelta(hours=right.answer.hours) if right.answer.hours else None
    return dt.timedelta(days=right.answer.days) if right.answer.days else None


def _whole_minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)
