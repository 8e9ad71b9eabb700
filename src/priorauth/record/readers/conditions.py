"""Diagnoses as rows of conditions: over which days a coded diagnosis holds, and which codes are only a hint.

Certain is what is confirmed or unqualified; provisional, differential and unconfirmed diagnoses are hints (0..1:
unknown), and so is what a resource in doubt says. What is refuted or entered in error is out (see :mod:`counts`).
Silence makes no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from priorauth.facts.rows import Period as Row
from priorauth.facts.rows import Source
from priorauth.fhir import dated
from priorauth.fhir.elements import Quantity
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Claim, Condition
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.codes import Coded
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY, Duration, Unit, When

TENTATIVE: Final = {"unconfirmed", "provisional", "differential"}
HINT: Final = "a code that only hints at it"
_TENTATIVE: Final = "not confirmed"
OVER: Final = {"inactive", "resolved", "remission"}
_LONGEST_LIFE: Final = 60_000
"""Days in no life; of greater ages nothing is read."""
_AGE_UNITS: Final[dict[str, Unit]] = {"a": "year", "mo": "month", "wk": "week", "d": "day"}


class Course(NamedTuple):
    """The days on which something may have begun and may have ended (that day included)."""

    start_first: int
    start_last: int
    end_first: int
    end_last: int


def rows(chart: Chart) -> Iterator[Row]:
    """Yield the rows of every Condition."""
    for condition in chart.record.all(Condition):
        tentative = has_code([condition.verification_status], TENTATIVE)
        ground = chart.doubt(condition) or (_TENTATIVE if tentative else None)
        yield from coded(chart, codings(condition.code), course_of(chart, condition), name_of(condition), ground)


def claimed(chart: Chart, claim: Claim) -> Iterator[Row]:
    """Yield the rows of a claim's own diagnoses: they hold on the day of the claim, since when is not said.

    A diagnosis whose Condition does not count, or is in doubt, is no more than that.
    """
    for diagnosis in claim.diagnosis:
        pointed = chart.references.find(diagnosis.diagnosis_reference, claim)
        if diagnosis.diagnosis_reference is not None and pointed is None:
            continue
        found = codings(diagnosis.diagnosis_codeable_concept)
        course = Course(FIRST_DAY, chart.day, LAST_DAY, LAST_DAY)
        yield from coded(chart, found, course, name_of(claim), chart.doubt(pointed))


def coded(chart: Chart, found: list[Coded], course: Course, ref: str, ground: str | None) -> Iterator[Row]:
    """Yield the rows of some codes over one course; with a ground for doubt they are hints."""
    for fact in _conditions(chart, chart.codes.facts(found)):
        yield _row(fact, ref, lasting(chart, fact, course), ground)
    for fact in _conditions(chart, chart.codes.hints(found)):
        yield _row(fact, ref, hinted(chart, fact, course), ground or HINT)


def course_of(chart: Chart, condition: Condition) -> Course:
    """Return when a diagnosis began and ended, as far as its resource says."""
    place = name_of(condition)
    start = onset(chart, condition, place)
    if start is None:
        recorded = dated.read_or_warn(condition.recorded_date, f"{place}: recordedDate", chart.warnings)
        start = When(FIRST_DAY, chart.day if recorded is None else recorded.last)
    end = _abatement(chart, condition, place)
    if end is not None and end.last < start.first:
        chart.warnings.append(f"{place} ends before it begins; its end is read as not given")
        end = None
    if end is not None:
        return Course(start.first, start.last, max(end.first, start.first), end.last)
    if has_code([condition.clinical_status], OVER):
        return Course(start.first, start.last, start.first, max(start.last, chart.day))
    return Course(start.first, start.last, LAST_DAY, LAST_DAY)


def lasting(chart: Chart, fact: str, course: Course) -> Course:
    """Cut a course at the longest time that the fact can last: a pregnancy of no stated end, 42 weeks.

    Where only a later day is known on which it held, it began at most that long before.
    """
    if fact != "pregnancy" or course.end_first != LAST_DAY:
        return course
    longest = int(chart.vocabulary.amount("pregnancy_longest")) * 7
    first = max(course.start_first, course.start_last - longest)
    return Course(first, course.start_last, first + longest, course.start_last + longest)


def _conditions(chart: Chart, facts: Iterable[str]) -> Iterator[str]:
    return (fact for fact in facts if chart.vocabulary[fact].kind == "condition")


def _row(fact: str, ref: str, course: Course, ground: str | None) -> Row:
    return Row(fact, Source.RECORD, ref, *course, low=1 if ground is None else 0, high=1, ground=ground)


def hinted(chart: Chart, fact: str, course: Course) -> Course:
    """Cut a hint at its days, where the vocabulary gives it a number of them."""
    days = chart.vocabulary[fact].hint_days
    if days is None:
        return course
    return Course(
        course.start_first,
        course.start_last,
        min(course.end_first, course.start_first + days),
        min(course.end_last, course.start_last + days),
    )


def onset(chart: Chart, condition: Condition, place: str) -> When | None:
    """Return when a diagnosis began, None where its resource does not say."""
    if condition.onset_date_time:
        return dated.read_or_warn(condition.onset_date_time, f"{place}: onsetDateTime", chart.warnings)
    if condition.onset_period is not None:
        return dated.start_and_end(condition.onset_period, f"{place}: onsetPeriod", chart.warnings)[0]
    if condition.onset_range is not None:
        return _aged(chart, condition.onset_range.low, condition.onset_range.high)
    return _aged(chart, condition.onset_age, condition.onset_age)


def _abatement(chart: Chart, condition: Condition, place: str) -> When | None:
    if condition.abatement_date_time:
        return dated.read_or_warn(condition.abatement_date_time, f"{place}: abatementDateTime", chart.warnings)
    if condition.abatement_period is not None:
        start, end = dated.start_and_end(condition.abatement_period, f"{place}: abatementPeriod", chart.warnings)
        return end or start
    if condition.abatement_range is not None:
        return _aged(chart, condition.abatement_range.low, condition.abatement_range.high)
    return _aged(chart, condition.abatement_age, condition.abatement_age)


def _aged(chart: Chart, low: Quantity | None, high: Quantity | None) -> When | None:
    """Return the days on which the member was of an age: at 8, from the eighth birthday to the day before the ninth."""
    if chart.born is None or low is None or high is None:
        return None
    youngest, oldest = _years(low), _years(high)
    if youngest is None or oldest is None:
        return None
    first = dates.plus(chart.born.first, youngest)
    last = dates.plus(chart.born.last, Duration(oldest.count + 1, oldest.unit)) - 1
    return When(first, last) if first <= last else None


def _years(age: Quantity) -> Duration | None:
    unit = _AGE_UNITS.get(age.code or age.unit)
    if age.value is None or unit is None or not age.value.is_finite() or not 0 <= age.value <= _LONGEST_LIFE:
        return None
    return Duration(int(age.value), unit)
