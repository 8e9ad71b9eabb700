"""Facts that follow from other rows, answered ones too: the months of a trial, harm during it, the cost of a repair.

A derived row has the source of the rows that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source
from priorauth.record.chart import Chart
from priorauth.values import dates
from priorauth.values.dates import ANY_DAY, LAST_DAY, Duration

TRIAL: Final = "pump_trial"
MONTHS: Final = "pump_trial_months"
HARM: Final = "major_adverse_reaction"
HARMS: Final = ("ketoacidosis", "severe_hypoglycemia", "diabetes_hospital_stay")
SHARE: Final = "repair_cost_percent_of_replacement"
_STATED: Final = (Source.RECORD, Source.ANSWER, Source.LEDGER)


def rows(chart: Chart, known: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    """Give the rows that follow from ``known``, the rows by fact."""
    trials = [row for row in known.get(TRIAL, ()) if isinstance(row, Period) and row.low == 1 and row.source in _STATED]
    for trial in trials:
        yield from _months(chart, trial)
    if trials:
        yield from _harm(chart, [row for fact in HARMS for row in known.get(fact, ())], trials)
    for source in (Source.RECORD, Source.ANSWER):
        yield from _share(chart, known.get("repair_cost", ()), known.get("replacement_cost", ()), source)


def whole_months(start: int, end: int) -> int:
    """Count the whole calendar months from one day to another."""
    months = max(0, (end - start) // 31)
    while dates.plus(start, Duration(months + 1, "month")) <= end:
        months += 1
    return months


def _months(chart: Chart, trial: Period) -> Iterator[Measurement]:
    """Give the whole months of a trial, until its end or until the day of the request."""
    over = trial.end_last != LAST_DAY
    first_end, last_end = (trial.end_first, trial.end_last) if over else (chart.day, chart.day)
    if trial.start_last > first_end:
        return
    scale = int(1 / chart.scales.resolution(MONTHS))
    low = whole_months(trial.start_last, first_end) * scale
    high = whole_months(trial.start_first, last_end) * scale
    yield Measurement(MONTHS, trial.source, trial.ref, first_end, last_end, None, low, high)


def _harm(chart: Chart, known: Sequence[Row], trials: list[Period]) -> Iterator[Answer]:
    """Give a yes for harm that the record tells of within a trial."""
    for row in known:
        if not isinstance(row, Event | Measurement) or row.source is not Source.RECORD:
            continue
        within = any(trial.start_last <= row.first and row.last <= min(trial.end_first, chart.day) for trial in trials)
        if within:
            yield Answer(HARM, Source.RECORD, row.ref, "yes", row.first, row.last, row.minute)


def _share(chart: Chart, repairs: Sequence[Row], replacements: Sequence[Row], source: Source) -> Iterator[Measurement]:
    """Give the cost of a repair as percent of a replacement, dated by the later of the two."""
    repair, replacement = _latest(repairs, source), _latest(replacements, source)
    if repair is None or replacement is None or not replacement.low or repair.low is None:
        return
    share = chart.scales.multiple(SHARE, Fraction(100 * repair.low, replacement.low))
    later = max(repair, replacement, key=lambda row: (row.last, row.first))
    yield Measurement(SHARE, source, later.ref, later.first, later.last, later.minute, share, share)


def _latest(known: Sequence[Row], source: Source) -> Measurement | None:
    """Give the newest exact amount; None where several could be the newest."""
    found = [
        row
        for row in known
        if isinstance(row, Measurement) and row.source is source
        if row.low is not None and row.low == row.high and (row.first, row.last) != ANY_DAY[:2]
    ]
    if not found:
        return None
    newest = max(found, key=lambda row: row.first)
    rivals = {row.low for row in found if row.last >= newest.first}
    return newest if len(rivals) == 1 else None
