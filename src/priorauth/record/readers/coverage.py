"""What the Coverage says: in force when, of which payer, in which program, state and line of business.

A value is read from Coverage.class or Coverage.type only where it is plainly one of the vocabulary's listed values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from priorauth.facts.rows import Answer, Period, Row, Source
from priorauth.fhir import dated
from priorauth.fhir.elements import Reference
from priorauth.fhir.references import name_of
from priorauth.fhir.structs import Coverage, Organization
from priorauth.record.chart import Chart
from priorauth.record.claims import Asked
from priorauth.record.tables import MANAGED_CARE_TYPES
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY

PAYER_SYSTEM: Final = "urn:priorauth:payer"
_LISTED: Final = ("coverage_program", "coverage_state", "line_of_business")
_MANAGED: Final = re.compile(r"\bmco\b|managed[ -]care")
_WORD: Final = re.compile(r"[a-z0-9]+")


def payer_of(asked: Asked) -> str | None:
    """Return the payer by its ``urn:priorauth:payer`` identifier, None where there is none."""
    return next(
        (value for payor in asked.payors for system, value in _identifiers(payor) if system == PAYER_SYSTEM), None
    )


def payer_names(asked: Asked) -> tuple[str, ...]:
    """Return every other name of the payer: names, then identifiers as ``system|value``."""
    names: list[str] = []
    for payor in asked.payors:
        if isinstance(payor, Organization):
            names.extend(name for name in (payor.name, *payor.alias) if name)
        elif payor.display:
            names.append(payor.display)
        names.extend(f"{system}|{value}" for system, value in _identifiers(payor) if system != PAYER_SYSTEM)
    return tuple(dict.fromkeys(names))


def of_this_payer(chart: Chart, asked: Asked, reference: Reference | None, owner: Coverage | None = None) -> bool:
    """Whether a reference certainly means the payer of the request."""
    found = chart.references.find(reference, owner)
    if isinstance(found, Organization):
        if any(found is payor for payor in asked.payors):
            return True
        ours = {pair for payor in asked.payors for pair in _identifiers(payor)}
        return not ours.isdisjoint(_identifiers(found))
    if reference is not None and reference.identifier is not None:
        pair = (reference.identifier.system, reference.identifier.value)
        return any(pair in _identifiers(payor) for payor in asked.payors)
    return False


ASSUMED = ("enrolled_on", "plan_type")
"""Facts that the coverage gives only where nothing says otherwise."""

_ENDED = frozenset({"cancelled", "draft", "entered-in-error"})
"""What a Coverage may say of itself when it is not in force."""


def rows(chart: Chart, asked: Asked) -> Iterator[Row]:
    """Yield the rows of the coverage under which is asked."""
    spans = _spans(chart, _own(chart, asked))
    yield from _in_force(asked, spans)
    yield from _enrolled(chart, spans)
    ref = name_of(asked.coverage)
    stated = (chart.day, chart.day)
    payer = payer_of(asked)
    if payer is not None and payer in chart.vocabulary["coverage_payer"].values:
        yield Answer("coverage_payer", Source.RECORD, ref, payer, *stated)
    if _direct(asked, payer):
        yield Answer("plan_type", Source.RECORD, ref, "payer-direct", *stated)
    words = {_plain(word) for word in _words(asked.coverage)}
    for fact in _LISTED:
        listed = _by_words(chart.vocabulary[fact].values)
        found = [value for word in words for value in listed.get(word, ())]
        if len(found) == 1:
            yield Answer(fact, Source.RECORD, ref, found[0], *stated)
    for other in chart.record.all(Coverage):
        if (
            other.status == "active"
            and other is not asked.coverage
            and other.payor
            and not _same_payer(chart, asked, other)
        ):
            yield Answer("other_insurance", Source.RECORD, name_of(other), "yes", *stated)


def _own(chart: Chart, asked: Asked) -> list[Coverage]:
    """Return the coverages of this payer that are active and not in doubt, in the order of their start."""
    found = [
        one
        for one in chart.record.all(Coverage)
        if one.status == "active"
        and chart.doubt(one) is None
        and (one is asked.coverage or _same_payer(chart, asked, one))
    ]
    return sorted(found, key=lambda one: (one.period.start if one.period else "", one.id))


def _same_payer(chart: Chart, asked: Asked, coverage: Coverage) -> bool:
    return any(of_this_payer(chart, asked, reference, coverage) for reference in coverage.payor)


_Span = tuple[int, int, int, int, Coverage]


def _spans(chart: Chart, own: list[Coverage]) -> list[_Span]:
    """Return start and end of each coverage as spans of days; without a start it began by the record's day."""
    found = []
    for coverage in own:
        start, end = dated.start_and_end(coverage.period, f"{name_of(coverage)}: period", chart.warnings)
        first = (FIRST_DAY, chart.day) if start is None else (start.first, start.last)
        last = (LAST_DAY, LAST_DAY) if end is None else (end.first, end.last)
        found.append((*first, *last, coverage))
    return found


def _in_force(asked: Asked, spans: list[_Span]) -> Iterator[Period]:
    """Yield the days in force; before the first and after the last day that a period names, the coverage is not."""
    for start_first, start_last, end_first, end_last, coverage in spans:
        yield Period(
            "coverage_in_force", Source.RECORD, name_of(coverage), start_first, start_last,
            max(end_first, start_first), end_last,
        )  # fmt: skip
    if not spans:
        if asked.coverage.status in _ENDED:
            yield _gap(asked.coverage, (FIRST_DAY, FIRST_DAY), (LAST_DAY, LAST_DAY))
        return
    first, final = min(spans, key=lambda span: span[0]), max(spans, key=lambda span: span[3])
    if first[0] > FIRST_DAY:
        yield _gap(first[4], (FIRST_DAY, FIRST_DAY), (first[0] - 1, first[0] - 1))
    if final[3] < LAST_DAY:
        yield _gap(final[4], (final[3] + 1, final[3] + 1), (LAST_DAY, LAST_DAY))


def _gap(coverage: Coverage, start: tuple[int, int], end: tuple[int, int]) -> Period:
    return Period("coverage_in_force", Source.RECORD, name_of(coverage), *start, *end, low=0, high=0)


def _enrolled(chart: Chart, spans: list[_Span]) -> Iterator[Answer]:
    """Yield the first day of the unbroken coverage that reaches the record's day."""
    ordered = sorted(spans, key=lambda span: span[:4])
    begun: _Span | None = None
    for span in reversed([span for span in ordered if span[1] <= chart.day]):
        if begun is None or span[3] >= begun[0] - 1:
            begun = (
                span if begun is None else (span[0], span[1], max(span[2], begun[2]), max(span[3], begun[3]), span[4])
            )
    if begun is not None and begun[0] > FIRST_DAY and begun[3] >= chart.day:
        yield Answer(
            "enrolled_on", Source.RECORD, name_of(begun[4]), dates.iso(begun[0]), chart.day, chart.day,
            low=begun[0], high=begun[1],
        )  # fmt: skip


def plan_of(asked: Asked) -> str | None:
    """Return the value of the coverage's class of type plan, None where it has none."""
    for listed in asked.coverage.class_:
        if listed.type is not None and any(coding.code == "plan" for coding in listed.type.coding) and listed.value:
            return listed.value
    return None


def _direct(asked: Asked, payer: str | None) -> bool:
    """Whether the coverage names no managed care organization: no second payor, type or plan that may be one."""
    kind = asked.coverage.type
    if len(asked.payors) != 1 or (kind is not None and any(one.code in MANAGED_CARE_TYPES for one in kind.coding)):
        return False
    known = [_plain(name) for name in (payer or "", *payer_names(asked)) if name and "|" not in name]
    for listed in asked.coverage.class_:
        text = f"{listed.value} {listed.name}".lower()
        if _MANAGED.search(text) or not any(name in _plain(text) for name in known):
            return False
    return True


def _words(coverage: Coverage) -> Iterator[str]:
    for listed in coverage.class_:
        yield from (listed.value, listed.name)
    if coverage.type is not None:
        yield from (coverage.type.text, *(coding.display for coding in coverage.type.coding))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


@lru_cache(maxsize=64)
def _by_words(values: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the values of an attribute by their plain words."""
    found: dict[str, list[str]] = {}
    for value in values:
        if value != "other":
            found.setdefault(_plain(value), []).append(value)
    return found


def _identifiers(payor: Organization | Reference) -> list[tuple[str, str]]:
    if isinstance(payor, Organization):
        return [(one.system, one.value) for one in payor.identifier if one.value]
    return [(payor.identifier.system, payor.identifier.value)] if payor.identifier is not None else []
