"""A period: the latest days of a stream, measured, within the span of the whole log; what pictures and pages are of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from priorauth.glucose.definitions import definitions
from priorauth.glucose.metrics import counts
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.engine import EngineName
from priorauth.glucose.metrics.profile import Profile, profile
from priorauth.glucose.metrics.series import Device, Series
from priorauth.glucose.metrics.summary import EPOCH, Summary, summary, within
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.zones import Zone, zones


@dataclass(frozen=True, slots=True)
class Span:
    """Local days from the first to the last, both included, with how many readings on how many of them."""

    first: date
    last: date
    readings: int
    worn: int

    @property
    def days(self) -> int:
        """Count the calendar days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """The latest days of one stream; ``span`` and ``whole`` (of all days of the log) are None where there are none."""

    choice: Choice
    span: Span | None
    whole: Span | None
    summary: Summary
    counted: Counts
    zones: tuple[Zone, ...]
    profile: Profile

    @property
    def meter(self) -> bool:
        """Whether a meter measured it, else a sensor."""
        return self.summary.device == "meter"


def latest(
    series: Series,
    choice: Choice | None = None,
    *,
    days: int | None = None,
    until: date | None = None,
    engine: EngineName = "auto",
) -> Period:
    """Measure the last ``days`` (as many as the definitions say) of one stream, ending with its last day or ``until``.

    A log that begins later has fewer. Raises ValueError for more than one stream or no days, and EngineMissing.
    """
    length = definitions().report["days"] if days is None else days
    if series.streams != 1 or length < 1:
        raise ValueError(f"expected one stream and at least one day, found {series.streams} and {length}")
    chosen = choice or Choice()
    whole = _span(series, None, None)
    if whole is None:
        first = last = None
    else:
        last = whole.last if until is None else min(until, whole.last)
        first = min(max(last - timedelta(days=length - 1), whole.first), last)
    own = within(series, first, last)
    device: Device = "meter" if series.meters[0] else "cgm"
    return Period(
        choice=chosen,
        span=_span(own, first, last),
        whole=whole,
        summary=summary(device, *own[:4], from_day=first, until_day=last, engine=engine),
        counted=counts.count(own, engine=engine),
        zones=zones(own.glucose, chosen, timed=device == "cgm"),
        profile=profile(own),
    )


def _span(series: Series, first: date | None, last: date | None) -> Span | None:
    """Return the days of a stream; None where neither it nor the caller has any."""
    days = np.unique((series.minutes.astype(np.int64) + series.offsets) // MINUTES_A_DAY)
    if first is None or last is None:
        if not len(days):
            return None
        first, last = (EPOCH + timedelta(days=int(day)) for day in days[[0, -1]])
    return Span(first, last, len(series.minutes), len(days))
