"""The glucose readings of a chart, with those of the logs that came beside it, handed to the glucose room for evidence.

What readings show is derived in :mod:`priorauth.glucose.evidence`, for Observations and for log files alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from priorauth.facts.rows import Row
from priorauth.record.chart import Chart
from priorauth.record.observations import Reading
from priorauth.record.refused import RefusedInput
from priorauth.record.tables import LATER_MEALS, MEAL_AFTER, MEAL_BEFORE, MEAL_FASTING

if TYPE_CHECKING:
    from priorauth.glucose.logbook import Logbook


def rows(chart: Chart, readings: list[Reading], book: Logbook | None = None) -> Iterator[Row]:
    """Give what the logs add to the readings of the chart, and everything that all readings show.

    Raises RefusedInput where readings of a log cannot be held against those of the chart.
    """
    if not readings and book is None:
        return
    from priorauth.glucose import evidence, logbook
    from priorauth.glucose import readings as room
    from priorauth.glucose.reject import GlucoseFileError

    every = [room.Reading(row, minute_of_day, _flags(tags)) for row, minute_of_day, tags in readings]
    if book is not None:
        try:
            every, added = logbook.together(book, every)
        except GlucoseFileError as fault:
            raise RefusedInput(str(fault)) from None
        yield from added
    yield from evidence.rows(chart.vocabulary, every, chart.day)


@lru_cache(maxsize=1024)
def _flags(tags: frozenset[str]) -> int:
    """Give the meal codes of a reading as flags."""
    if not tags:
        return 0
    from priorauth.glucose.formats.reading import Flag
    from priorauth.glucose.readings import LATER_MEAL

    listed = ((MEAL_BEFORE, Flag.BEFORE_MEAL), (MEAL_FASTING, Flag.FASTING), (MEAL_AFTER, Flag.AFTER_MEAL))
    found = sum(int(flag) for codes, flag in listed if not tags.isdisjoint(codes))
    return found | (0 if tags.isdisjoint(LATER_MEALS) else LATER_MEAL)
