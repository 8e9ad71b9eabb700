"""What glucose readings alone show of the policies: every statement that rests on them, with the days that prove it.

A statement is a leaf of a policy whose facts come from glucose readings only and whose windows count back from the
request. It is tested by the same code, on the same rows, as in a determination; the rest of the record is left out, so
what is open here may be settled there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from priorauth.decide.assess import WORDS
from priorauth.engines.python import leaf, measures
from priorauth.engines.python.finding import Result
from priorauth.engines.python.show import row_date, row_value
from priorauth.engines.python.view import View
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Event, Measurement, Period, Row
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.terse import terse
from priorauth.policy.catalog import Catalog
from priorauth.policy.views.census import all_leaves
from priorauth.values.dates import LAST_DAY, iso
from priorauth.values.truth import MET, NOT_MET

READINGS: Final = ("glucose_self_test", "cgm_glucose")
FACTS: Final = frozenset(
    {
        *READINGS,
        "cgm_use",
        "premeal_glucose",
        "premeal_daily_range",
        "fasting_glucose",
        "hypoglycemia",
        "nocturnal_hypoglycemia",
    }
)
"""Facts that glucose readings alone can show (see :mod:`priorauth.glucose.evidence`)."""
# A member who is not on a pump yet counts from the request (the anchors of the vocabulary).
_ANCHORS: Final = frozenset({"request", "pump_start"})

Status = Literal["met", "not-met", "unknown"]


@dataclass(frozen=True, slots=True)
class Shown:
    """Days that bear on a statement: one day or an unbroken span, what was measured, and where it stands."""

    days: str
    value: str | None
    reference: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one or more payers, its verdict by these readings alone, and the days that show it."""

    says: str
    payers: tuple[str, ...]
    status: Status
    value: str | None
    why: str | None
    shown: tuple[Shown, ...]


def statements(rows: Iterable[Row], as_of: int, catalog: Catalog) -> tuple[Statement, ...]:
    """Test every statement of the newest policies on some rows; windows count back from ``as_of``."""
    view = View(Case(as_of, by_fact(rows)), catalog.vocabulary)
    found: dict[str, tuple[f.Form, dict[str, None]]] = {}
    for policy in (catalog.versions(name)[-1] for name in catalog.files):
        for line in all_leaves(policy):
            if _rests_on_readings(line.form):
                says = terse(line.form, catalog.vocabulary)
                found.setdefault(says, (line.form, {}))[1][policy.payer] = None
    return tuple(tested(says, form, tuple(payers), view) for says, (form, payers) in found.items())


def _rests_on_readings(form: f.Form) -> bool:
    return FACTS.issuperset(contents.facts_of(form)) and _ANCHORS.issuperset(contents.anchors_of(form))


def tested(says: str, form: f.Form, payers: tuple[str, ...], view: View) -> Statement:
    """Test one statement on the rows of a view."""
    result = leaf.evaluate(form, view)
    status: Status = "met" if result.truth == MET else "not-met" if result.truth == NOT_MET else "unknown"
    why = None if result.why is None else WORDS[result.why]
    return Statement(says, payers, status, result.value, why, tuple(_shown(form, result, view.vocabulary)))


def _shown(form: f.Form, result: Result, vocabulary: Vocabulary) -> Iterator[Shown]:
    dated = [row for row in result.rows if isinstance(row, Measurement | Event)]
    if isinstance(form, f.Share):
        dated = [row for row in dated if measures.passes(row, f.Compare(">", form.above)) == MET]
    if form.fact in READINGS:
        yield from _spans(dated)
        return
    for row in sorted(dated, key=lambda row: row.first):
        yield Shown(row_date(row) or "", row_value(row, vocabulary.facts.get(row.fact)), row.ref)
    for period in (row for row in result.rows if isinstance(row, Period)):
        end = "" if period.end_first == LAST_DAY else iso(period.end_first)
        yield Shown(f"{iso(period.start_last)}..{end}", None, period.ref)


def _spans(rows: Sequence[Measurement | Event]) -> Iterator[Shown]:
    """Yield unbroken spans of days with readings, and how many there were on each day."""
    days: dict[int, list[Measurement | Event]] = {}
    for row in rows:
        if row.first == row.last:
            days.setdefault(row.first, []).append(row)
    start: int | None = None
    for day in sorted(days):
        start = day if start is None else start
        if day + 1 not in days:
            counts = [len(days[number]) for number in range(start, day + 1)]
            least, most = min(counts), max(counts)
            value = f"{least} a day" if least == most else f"{least} to {most} a day"
            first, last = days[start][0].ref, days[day][-1].ref
            span = iso(start) if start == day else f"{iso(start)}..{iso(day)}"
            yield Shown(span, value, first if first == last else f"{first}, {last}")
            start = None
