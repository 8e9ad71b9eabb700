"""The glucose readings of a chart and of the logs that came beside it, handed to the glucose room for evidence.

What readings show is derived in :mod:`priorauth.glucose.evidence`, for Observations and for log files alike. Readings
in a SampledData are read as a log is, and stand for themselves where no Observation of their own repeats them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from priorauth.errors import InputRefused, LogRefused
from priorauth.facts.rows import Row
from priorauth.fhir.elements import Element
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Observation
from priorauth.record.chart import Chart
from priorauth.record.readers.observations import Findings

if TYPE_CHECKING:
    from priorauth.glucose.logbook import Logbook
    from priorauth.glucose.readings import Reading


def rows(chart: Chart, findings: Findings, book: Logbook | None = None) -> Iterator[Row]:
    """Yield what samples and logs add to the readings of the chart, and everything that all readings show.

    Raises InputRefused where readings of a log cannot be held against those of the chart.
    """
    if not findings.readings and not findings.sampled and book is None:
        return
    from priorauth.glucose import evidence

    every = findings.readings
    if findings.sampled or book is not None:
        every, added = _joined(chart, every, findings.sampled, book)
        yield from added
    yield from evidence.rows(chart.vocabulary, every, chart.day)


def _joined(
    chart: Chart, own: list[Reading], sampled: list[Observation], book: Logbook | None
) -> tuple[list[Reading], list[Row]]:
    """Return all readings, and what samples and logs add to those of the chart; loads what reads files, and numpy."""
    from priorauth.glucose import logbook, readings

    every, added = own, list[Row]()
    try:
        if sampled:
            every, fresh = readings.joined(every, _sampled(chart, sampled))
            added += [one.row for one in fresh]
        if book is not None:
            every, of_logs = logbook.together(book, every)
            added += of_logs
    except LogRefused as fault:
        raise InputRefused(*fault.faults) from None
    return every, added


def _sampled(chart: Chart, observations: list[Observation]) -> list[Reading]:
    """Read the samples; what is no reading among them is counted in a warning."""
    from priorauth.glucose.logbook import left_out
    from priorauth.glucose.readings import of_stream
    from priorauth.glucose.stream import read_resources

    log = read_resources([_resource(one) for one in observations], chart.record.name)
    if absent := left_out(log):
        counts = ", ".join(f"{count} {reason}" for reason, count in absent.items())
        chart.warnings.append(f"samples of glucose left out: {counts}")
    names = [name_of(one) for one in observations]
    return [reading for stream in log.streams for reading in of_stream(stream, lambda _, row: names[row - 1])]


def _resource(observation: Observation) -> dict[str, Any]:
    """Return the part of an observation that says what was sampled and when; whose it is was checked before."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": _as_json(observation.code),
        "effectiveDateTime": observation.effective_date_time,
        "effectiveInstant": observation.effective_instant,
        "effectivePeriod": _as_json(observation.effective_period),
        "valueSampledData": msgspec.json.decode(observation.value_sampled_data),
    }


def _as_json(element: Element | None) -> object:
    """Return an element as a parser would: lists are lists again."""
    return msgspec.json.decode(msgspec.json.encode(element))
