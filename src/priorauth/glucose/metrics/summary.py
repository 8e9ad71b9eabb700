"""A summary: the metrics of one stream over one window, each with its definition, n, window and sufficiency.

Unknown is None, with a reason, and never zero. A value over too short or too thin a window is given and marked as not
sufficient: the reader decides, but is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

from priorauth.glucose.definitions import Definitions, Metric, definitions
from priorauth.glucose.metrics import counts, series
from priorauth.glucose.metrics.columns import MINUTES_A_DAY
from priorauth.glucose.metrics.counts import Counts
from priorauth.glucose.metrics.daily import By, Column
from priorauth.glucose.metrics.engine import EngineName
from priorauth.glucose.metrics.measure import Window, measure, own_days, share_between, sufficient
from priorauth.glucose.metrics.series import Device, Series

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One metric as evidence: what it is worth, on how many readings (days, nights) over which local days.

    ``value`` None: unknown, and ``why`` says why. ``sufficient`` False: ``why`` says what the window lacks. ``by`` says
    how readings before meals were told, where the metric is about them.
    """

    name: str
    """The metric."""
    definition: str
    """The id of its definition (docs/glucose-definitions.md)."""
    value: float | int | None
    """What it is worth; None is unknown."""
    unit: str
    """The unit of the value."""
    n: int
    """On how many readings, days or nights it rests."""
    first_day: date | None
    """The first local day of the window; None where there is none."""
    last_day: date | None
    """The last local day, included."""
    sufficient: bool
    """Whether the window suffices."""
    why: str
    """Why there is no value, or what the window lacks; empty where neither."""
    by: By = ""
    """How readings before meals were told, of a metric that is about them."""


@dataclass(frozen=True, slots=True)
class Summary:
    """All metrics of one stream over the days ``first_day`` to ``last_day`` (None: no readings and no window given)."""

    device: Device
    """The kind of device."""
    readings: int
    """How many readings were measured."""
    first_day: date | None
    """The first local day; None without readings and window."""
    last_day: date | None
    """The last local day, included."""
    evidence: Mapping[str, Evidence]
    """Every metric by name."""

    def value(self, name: str) -> float | int | None:
        """Return the value of a metric, None where unknown."""
        return self.evidence[name].value

    def as_json(self, *, format: str | None = None, rejected: int | None = None) -> dict[str, object]:  # noqa: A002
        """Return what the command prints: the metrics listed in the definitions, unknown ones as None."""
        return {
            "device": self.device,
            "format": format,
            "readings": self.readings,
            "rejected": rejected,
            "from": self.first_day.isoformat() if self.first_day else None,
            "until": self.last_day.isoformat() if self.last_day else None,
            "metrics": {name: self.value(name) for name in definitions().printed},
        }


def summary(  # noqa: PLR0913  (parallel columns)
    device: Device,
    minutes: ArrayLike,
    offsets: ArrayLike,
    glucose: ArrayLike,
    flags: ArrayLike,
    *,
    from_day: date | None = None,
    until_day: date | None = None,
    engine: EngineName = "auto",
) -> Summary:
    """Measure one stream, over all its days or those from ``from_day`` to ``until_day``, both included.

    ``minutes`` UTC since 1970, ascending; ``offsets`` local minus UTC in minutes; ``glucose`` whole mg/dL; ``flags`` of
    ``formats.reading.Flag``; ``engine`` changes no number. Raises ValueError for arrays that are none of this, or days
    out of order, and EngineMissing for an engine that is not installed.
    """
    if from_day and until_day and until_day < from_day:
        raise ValueError(f"until_day: expected {from_day} or later, found {until_day}")
    given = within(series.one(device, minutes, offsets, glucose, flags), from_day, until_day)
    counted = counts.count(given, engine=engine)
    window = _window(counted, from_day, until_day)
    table = definitions()
    columns = measure(counted, window, table)
    enough = bool(sufficient(columns, counted, window, table)[0])
    days = _days(window)
    evidence = {
        name: _evidence(name, table.metrics[name], column, device, days, enough=enough, given=table)
        for name, column in columns.items()
    }
    return Summary(device, len(given.minutes), *days, evidence)


def share(found: Summary, given: Series, lowest: int, highest: int) -> Evidence:
    """Return the share of a stream's readings from ``lowest`` to ``highest`` mg/dL, both included, as evidence.

    For ranges that no definition lists (63 to 140 in pregnancy). ``found`` is the summary of the same series; its
    window and sufficiency hold here too.
    """
    given = within(given, found.first_day, found.last_day)
    column = share_between(given, lowest, highest)
    like = found.evidence["time_70_180_percent"]
    value = None if like.value is None else float(column.value[0])
    name = f"time_{lowest}_{highest}_percent"
    days = (found.first_day, found.last_day)
    return Evidence(
        name, f"glucose.share-{lowest}-{highest}.1", value, "%", int(column.n[0]), *days, like.sufficient, like.why
    )


def within(given: Series, from_day: date | None, until_day: date | None) -> Series:
    """Keep one stream's readings of local days `from_day` to `until_day`, both included."""
    if from_day is None and until_day is None:
        return given
    day = (given.minutes.astype(np.int64) + given.offsets) // MINUTES_A_DAY
    keep = np.ones(len(day), bool)
    if from_day is not None:
        keep &= day >= (from_day - EPOCH).days
    if until_day is not None:
        keep &= day <= (until_day - EPOCH).days
    return series.keep(given, keep)


def _window(counted: Counts, from_day: date | None, until_day: date | None) -> Window:
    """Return the window as asked for; where an end was left open, the stream's own."""
    own = own_days(counted)
    first, last = own.first, own.last
    if from_day is not None:
        first = np.array([(from_day - EPOCH).days])
        last = np.maximum(last, first) if len(counted.days) else first - 1
    if until_day is not None:
        last = np.array([(until_day - EPOCH).days])
        first = first if from_day is not None or len(counted.days) else last + 1
    return Window(first, last)


def _days(window: Window) -> tuple[date | None, date | None]:
    if window.last[0] < window.first[0]:
        return None, None
    return EPOCH + timedelta(days=int(window.first[0])), EPOCH + timedelta(days=int(window.last[0]))


def _evidence(  # noqa: PLR0913  (what a number rests on)
    name: str,
    metric: Metric,
    column: Column,
    device: Device,
    days: tuple[date | None, date | None],
    *,
    enough: bool,
    given: Definitions,
) -> Evidence:
    found, n = float(column.value[0]), int(column.n[0])
    known = found == found  # noqa: PLR0124  (not a number is unequal to itself)
    if not known:
        if metric.device is not None and metric.device != device:
            why = "takes a sensor" if metric.device == "cgm" else "takes a meter"
        else:
            why = metric.unknown if n or column.by is not None else _UNREAD
        enough = False
    elif column.told_by(0) == "windows":
        enough, why = False, "told by the time of day, not by tags"
    elif metric.sufficient == "any" or enough:
        enough, why = True, ""
    else:
        days_asked, share = given.sufficiency["days"], given.sufficiency["share"]
        why = f"less than {days_asked} days of a sensor with {share} percent of the readings"
    value: float | int | None = None
    if known:
        value = int(found) if metric.unit in ("events", "days", "nights") else found
    return Evidence(name, metric.id, value, metric.unit, n, *days, enough, why, column.told_by(0))


_UNREAD = "no readings in the window"
