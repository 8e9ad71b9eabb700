"""Attributes whose values have codes (``value_codes``): by diagnoses, procedures and the claim's item.

The four that the request itself gives are read there; every other one, a folder's own above all, is read here. One
value counts for a member: codes of two values on one day are a conflict, as two statements are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from priorauth.facts.rows import Answer, Row, Source, mentioned
from priorauth.facts.vocabulary import Vocabulary
from priorauth.fhir import dated
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Claim, ClaimItem, Condition, Procedure
from priorauth.record.chart import Chart, codings, has_code
from priorauth.record.codes import Coded
from priorauth.record.readers.conditions import TENTATIVE, course_of
from priorauth.values.dates import When

ELSEWHERE: Final = ("purchase_or_rental", "primary_diagnosis", "pump_category", "infusion_drug")
"""Attributes with codes that other readers read, each by a rule of its own."""
_TENTATIVE: Final = "not confirmed"
_OVER: Final = "may be over"
_UNDATED: Final = "not dated"


@lru_cache(maxsize=8)
def attributes(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the attributes that are read here."""
    return tuple(fact.name for fact in vocabulary.facts.values() if fact.value_codes and fact.name not in ELSEWHERE)


def rows(chart: Chart) -> Iterator[Row]:
    """Yield the values that diagnoses and procedures stand for, those of the day of the record."""
    if not attributes(chart.vocabulary):
        return
    today = When(chart.day, chart.day)
    for condition in chart.record.all(Condition):
        course = course_of(chart, condition)
        if course.start_first > chart.day or course.end_last < chart.day:
            continue
        ground = chart.doubt(condition)
        if has_code([condition.verification_status], TENTATIVE):
            ground = ground or _TENTATIVE
        if course.start_last > chart.day or course.end_first < chart.day:
            ground = ground or _OVER
        yield from _valued(chart, codings(condition.code), name_of(condition), today, ground)
    for procedure in chart.record.all(Procedure):
        when = _performed(chart, procedure)
        ground = chart.doubt(procedure) or (_UNDATED if when is None else None)
        yield from _valued(chart, codings(procedure.code), name_of(procedure), when or today, ground)


def claimed(chart: Chart, claim: Claim, item: ClaimItem) -> Iterator[Row]:
    """Yield the values that a claim's diagnoses and an item's product and modifiers stand for."""
    today = When(chart.day, chart.day)
    if attributes(chart.vocabulary):
        asked = codings(item.product_or_service, *item.modifier)
        yield from _valued(chart, asked, name_of(claim), today, None)
        for diagnosis in claim.diagnosis:
            found = codings(diagnosis.diagnosis_codeable_concept)
            yield from _valued(chart, found, name_of(claim), today, None)


def _valued(chart: Chart, found: list[Coded], ref: str, when: When, ground: str | None) -> Iterator[Row]:
    for name in attributes(chart.vocabulary):
        value = chart.codes.value(name, found)
        if value is not None:
            row = Answer(name, Source.RECORD, ref, value, when.first, when.last)
            yield row if ground is None else mentioned(row, ground)


def _performed(chart: Chart, procedure: Procedure) -> When | None:
    place = name_of(procedure)
    if procedure.performed_date_time:
        return dated.read_or_warn(procedure.performed_date_time, f"{place}: performedDateTime", chart.warnings)
    if procedure.performed_period is None:
        return None
    start, end = dated.start_and_end(procedure.performed_period, f"{place}: performedPeriod", chart.warnings)
    return end or start
