"""Hints that low glucose goes unnoticed, for the clinician's note: each is a count against a figure, never a finding.

There is no published definition of impaired awareness from glucose data; a questionnaire decides. A hint that the data
cannot settle is None.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from priorauth.glucose import columns as c
from priorauth.glucose import metrics
from priorauth.glucose.census import Census
from priorauth.glucose.columns import MINUTES_A_DAY
from priorauth.glucose.definitions import Definitions, definitions


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: whether it holds (None: not to be told), on how many of how many events, in words."""

    name: str
    definition: str
    holds: bool | None
    count: int
    n: int
    says: str


def hints(census: Census, stream: int = 0, entries: ArrayLike | None = None) -> tuple[Hint, ...]:
    """Look for hints in one stream.

    ``entries`` are the minutes (UTC since 1970) at which carbohydrate, glucagon or symptoms were noted; None where no
    such log is at hand, which is not the same as an empty one.
    """
    table = definitions()
    own = census.events[census.events[:, c.EVENT_STREAM] == stream]
    minutes = census.traces.minutes.astype(np.int64)
    deep, all_low = own[own[:, c.KIND] == c.HYPO_2], own[own[:, c.KIND] == c.HYPO_1]
    lasted = minutes[deep[:, c.LAST]] - minutes[deep[:, c.FIRST]] + census.intervals[stream]
    seen = bool(census.traces.meters[stream]) or int(census.stretches[stream]) >= table.events.minimum
    return (
        _recurrent(minutes[deep[:, c.FIRST]], table, seen=seen),
        _long(lasted, table, known=seen and not census.traces.meters[stream]),
        _night(census, all_low, table, seen=seen),
        _unanswered(minutes[deep[:, c.FIRST]], entries, table),
    )


def _recurrent(begins: NDArray[np.int64], table: Definitions, *, seen: bool) -> Hint:
    rule = table.hints.recurrent
    span = rule.days * MINUTES_A_DAY
    within = np.searchsorted(begins, begins + span) - np.arange(len(begins))
    most = int(within.max()) if len(within) else 0
    says = f"at most {most} events below {table.ranges.very_low} mg/dL in {rule.days} days"
    return Hint("recurrent", rule.id, most >= rule.events if seen else None, most, len(begins), says)


def _long(lasted: NDArray[np.int64], table: Definitions, *, known: bool) -> Hint:
    rule = table.hints.long
    count = int(np.count_nonzero(lasted >= rule.minutes))
    says = (
        f"{count} of {len(lasted)} events below {table.ranges.very_low} mg/dL lasted {rule.minutes} minutes or longer"
    )
    return Hint("long", rule.id, count > 0 if known else None, count, len(lasted), says)


def _night(census: Census, low: NDArray[np.int64], table: Definitions, *, seen: bool) -> Hint:
    rule = table.hints.night
    first = census.events[metrics.nocturnal(census, table), c.FIRST]
    count, n = int(np.count_nonzero(np.isin(low[:, c.FIRST], first))), len(low)
    says = f"{count} of {n} events below {table.ranges.low} mg/dL began at night"
    enough = n >= rule.events
    return Hint("night", rule.id, (enough and 100 * count >= rule.share * n) if seen else None, count, n, says)


def _unanswered(begins: NDArray[np.int64], entries: ArrayLike | None, table: Definitions) -> Hint:
    rule = table.hints.unanswered
    if entries is None or not len(begins):
        return Hint("unanswered", rule.id, None, 0, len(begins), "no log of carbohydrate or symptoms to compare with")
    noted = np.sort(np.asarray(entries, dtype=np.int64))
    after = np.searchsorted(noted, begins)
    answered = np.append(noted, np.iinfo(np.int64).max)[after] <= begins + rule.minutes
    count, n = int(np.count_nonzero(~answered)), len(begins)
    says = f"{count} of {n} events below {table.ranges.very_low} mg/dL have no entry within {rule.minutes} minutes"
    return Hint("unanswered", rule.id, 100 * count >= rule.share * n, count, n, says)
