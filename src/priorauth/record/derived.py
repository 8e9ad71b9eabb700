"""Facts that follow from other rows, answered ones too: the months of a trial, harm during it, the cost of a repair.

A derived row has the source of the rows that it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from msgspec import structs

from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.facts.vocabulary import Fact, Vocabulary
from priorauth.fhir.elements import Extension
from priorauth.record.chart import Chart
from priorauth.record.tables import SEX_CODES, SEX_URLS
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, Duration

TRIAL: Final = "pump_trial"
MONTHS: Final = "pump_trial_months"
TOLD: Final = {"replacement_reason": "replacement_reason_stated", "prescription_signed_on": "prescription_dated"}
"""Statements that say, by being there, that another thing is so."""
HARM: Final = "major_adverse_reaction"
HARMS: Final = ("ketoacidosis", "severe_hypoglycemia", "diabetes_hospital_stay")
SHARE: Final = "repair_cost_percent_of_replacement"
_STATED: Final = (Source.RECORD, Source.ANSWER, Source.LEDGER, Source.DOCUMENT)
_SEEN: Final = (Source.RECORD, Source.DOCUMENT)


def rows(chart: Chart, known: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    """Yield the rows that follow from ``known``, the rows by fact."""
    trials = [row for row in known.get(TRIAL, ()) if isinstance(row, Period) and row.low == 1 and row.source in _STATED]
    for trial in trials:
        yield from _months(chart, trial)
    if trials:
        yield from _harm(chart, [row for fact in HARMS for row in known.get(fact, ())], trials)
    for fact, told in TOLD.items():
        yield from _told(known.get(fact, ()), told)
    for source in (Source.RECORD, Source.ANSWER, Source.DOCUMENT):
        yield from _share(chart, known.get("repair_cost", ()), known.get("replacement_cost", ()), source)


def certain(chart: Chart, known: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """Return the no that sex or age makes certain (``only_sex``, ``only_ages``), by fact.

    ``known`` are the rows by fact, those of the member among them. Nothing is said of a time of which a row says that
    the fact is so, or may be.
    """
    found: dict[str, list[Row]] = {}
    sexes, born = _agreed(known.get("sex", ())), _agreed(known.get("birth_date", ()))
    for fact in _limited(chart.vocabulary):
        told = _excluded(chart, fact, sexes, born)
        rows = known.get(fact.name, ())
        if told is None or any(_may_be(row, told.first, told.last) for row in rows):
            continue
        if fact.kind == "condition":
            first, last = told.first, told.last
            period = Period(fact.name, told.source, told.ref, first, first, last, last, low=0, high=0)
            found[fact.name] = [period, Whole(fact.name, told.source, told.ref, first, last)]
        else:
            found[fact.name] = [Answer(fact.name, told.source, told.ref, "no", chart.day, chart.day)]
    return found


@lru_cache(maxsize=8)
def _limited(vocabulary: Vocabulary) -> tuple[Fact, ...]:
    """Return the facts of one sex or of some ages only."""
    return tuple(fact for fact in vocabulary.facts.values() if fact.only_sex or fact.only_ages)


def _excluded(chart: Chart, fact: Fact, sexes: Sequence[Answer], born: Sequence[Answer]) -> Whole | None:
    """Return the time over which sex or age excludes a fact, with what says so; None where neither does on the day."""
    if fact.only_sex and sexes:
        (sex, *others) = {row.text for row in sexes}
        if not others and sex != fact.only_sex and not _otherwise(chart.patient.extension, sex):
            return Whole(fact.name, sexes[0].source, sexes[0].ref, FIRST_DAY, LAST_DAY)
    days = [day for row in born for day in (row.low, row.high) if day is not None]
    if fact.only_ages and days:
        (youngest, oldest), first, last = fact.only_ages, min(days), max(days)
        until = dates.plus(first, Duration(youngest, "year")) - 1
        since = dates.plus(last, Duration(oldest + 1, "year"))
        if chart.day <= until:
            return Whole(fact.name, born[0].source, born[0].ref, FIRST_DAY, until)
        if chart.day >= since:
            return Whole(fact.name, born[0].source, born[0].ref, since, LAST_DAY)
    return None


def _agreed(rows: Sequence[Row]) -> list[Answer]:
    """Return the statements of an attribute, what the record says first; none where one of them cannot be read."""
    found = [row for row in rows if isinstance(row, Answer)]
    if any(row.ground is not None or row.source is Source.SHOWN for row in found):
        return []
    return sorted(found, key=lambda row: row.source is not Source.RECORD)


def _otherwise(extensions: Sequence[Extension], sex: str) -> bool:
    """Whether an extension of the Patient names another sex than that one, or none that is known."""
    return any(not _codes(one) <= SEX_CODES.get(sex, frozenset()) for one in extensions if one.url.endswith(SEX_URLS))


def _codes(extension: Extension) -> set[str]:
    """Return every code of an extension and of those within it."""
    concept = extension.value_codeable_concept
    found = {coding.code for coding in (() if concept is None else concept.coding)}
    if extension.value_code:
        found.add(extension.value_code)
    if extension.value_coding is not None:
        found.add(extension.value_coding.code)
    return found.union(*(_codes(one) for one in extension.extension))


def _may_be(row: Row, first: int, last: int) -> bool:
    """Whether a row leaves open that a fact is so on some day of a time."""
    if isinstance(row, Whole):
        return False
    if isinstance(row, Period):
        return row.high != 0 and row.start_first <= last and first <= row.end_last
    return not isinstance(row, Answer) or row.text != "no"


def _told(stated: Sequence[Row], fact: str) -> Iterator[Answer]:
    """Yield whether something is stated, wherever it is; what cannot be read is stated too."""
    for row in stated:
        if isinstance(row, Answer):
            yield structs.replace(row, fact=fact, text="yes", low=None, high=None, ground=None)


def whole_months(start: int, end: int) -> int:
    """Count the whole calendar months from one day to another."""
    months = max(0, (end - start) // 31)
    while dates.plus(start, Duration(months + 1, "month")) <= end:
        months += 1
    return months


def _months(chart: Chart, trial: Period) -> Iterator[Measurement]:
    """Yield the whole months of a trial, until its end or until the day of the request."""
    over = trial.end_last != LAST_DAY
    first_end, last_end = (trial.end_first, trial.end_last) if over else (chart.day, chart.day)
    if trial.start_last > first_end:
        return
    scale = int(1 / chart.scales.resolution(MONTHS))
    low = whole_months(trial.start_last, first_end) * scale
    high = whole_months(trial.start_first, last_end) * scale
    yield Measurement(MONTHS, trial.source, trial.ref, first_end, last_end, None, low, high)


def _harm(chart: Chart, known: Sequence[Row], trials: list[Period]) -> Iterator[Answer]:
    """Yield a yes for harm that the record tells of within a trial."""
    for row in known:
        if not isinstance(row, Event | Measurement) or row.source not in _SEEN:
            continue
        within = any(trial.start_last <= row.first and row.last <= min(trial.end_first, chart.day) for trial in trials)
        if within:
            yield Answer(HARM, row.source, row.ref, "yes", row.first, row.last, row.minute)


def _share(chart: Chart, repairs: Sequence[Row], replacements: Sequence[Row], source: Source) -> Iterator[Measurement]:
    """Yield the cost of a repair as percent of a replacement, dated by the later of the two."""
    repair, replacement = _latest(repairs, source), _latest(replacements, source)
    if repair is None or replacement is None or not replacement.low or repair.low is None:
        return
    share = chart.scales.multiple(SHARE, Fraction(100 * repair.low, replacement.low))
    later = max(repair, replacement, key=lambda row: (row.last, row.first))
    yield Measurement(SHARE, source, later.ref, later.first, later.last, later.minute, share, share)


def _latest(known: Sequence[Row], source: Source) -> Measurement | None:
    """Return the newest exact amount; None where several could be the newest."""
    found = [
        row
        for row in known
        if isinstance(row, Measurement) and row.source is source
        if row.low is not None and row.low == row.high and row.first != FIRST_DAY
    ]
    if not found:
        return None
    newest = max(found, key=lambda row: row.first)
    rivals = {row.low for row in found if row.last >= newest.first}
    return newest if len(rivals) == 1 else None
