"""Forms over periods and statements as terms: each is a table of the options that meet it and of those that fail it."""

from __future__ import annotations

from collections.abc import Callable

from priorauth.engines.solver.grid import NEVER, Script
from priorauth.engines.solver.measures import rows, stands
from priorauth.engines.solver.pair import Pair
from priorauth.engines.solver.view import TRUE, Bool, Patient, all_, any_, not_
from priorauth.engines.solver.windows import Span
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import LAST_DAY

Verdict = bool | None
"""Met, not met, or unknown (None)."""


def truth(form: f.Form, days: dict[str, int], spans: tuple[Span, ...], patient: Patient) -> Pair:
    """Return the truth of a form over periods or statements where the days of its anchors are known."""
    as_of = patient.grid.as_of
    match form:
        case f.Throughout() | f.On():
            return _periods(form.fact, patient, lambda one: _stretch(one, form, spans[0]))
        case f.Lasts():
            return _periods(form.fact, patient, lambda one: _lasts(one, form, as_of))
        case f.Earlier() | f.Later() if patient.grid.vocabulary[form.fact].kind == "condition":
            return _periods(form.fact, patient, lambda one: _begun(one, spans[0]))
        case f.Earlier() | f.Later() | f.Recent():
            return _stated(form, patient, lambda day: spans[0].holds(int(day), int(day)))
        case f.Offset():
            return _stated(form, patient, lambda day: stands(int(day), form.op, spans[0].end))
        case f.Documented():
            return _documented(form, spans[0], patient)
        case f.Stated() | f.Judged():
            return _stated(form, patient, lambda text: text == "yes")
        case f.Refused():
            refused = patient.statement(form.fact).when(lambda text: text == "no")
            return Pair(refused, not_(refused))
        case f.Is():
            return _stated(form, patient, lambda text: text in form.values)
        case f.Has():
            test = form.compare
            return _stated(form, patient, lambda number: stands(int(number), test.op, test.amount.number))
        case f.Age():
            day = days.get(form.anchor, as_of)
            return _stated(
                form,
                patient,
                lambda birth: stands(dates.years_between(int(birth), day), form.op, form.years.number),
            )
        case _:
            raise NotImplementedError(f"{type(form).__name__} has no terms")


def waiting(form: f.Lasts, patient: Patient) -> Bool:
    """Whether a period still runs and is too short: only time settles it."""
    as_of = patient.grid.as_of
    return patient.period(form.fact).when(
        lambda one: (
            one is not None
            and one.start != NEVER
            and one.end == LAST_DAY
            and dates.plus(one.start, form.length.duration) > as_of
        )
    )


def begun(form: f.Throughout, span: Span, patient: Patient) -> Bool:
    """Whether what meets the test began within the stretch and goes on: only time fills the stretch.

    Before a regimen began, nothing is said of it; a condition was absent until it began.
    """
    test = form.compare
    return patient.period(form.fact).when(
        lambda one: (
            one is not None
            and span.start + 1 < one.start <= span.end
            and one.end == LAST_DAY
            and (one.value == 1 if test is None else stands(one.value, test.op, test.amount.number))
        )
    )


def _table(verdicts: dict[object, Verdict], when: Callable[[Callable[[object], bool]], Bool]) -> Pair:
    return Pair(
        when(lambda option: verdicts[option] is not False),
        when(lambda option: verdicts[option] is not True),
    )


def _stated(form: f.Form, patient: Patient, test: Callable[[str | int], bool]) -> Pair:
    """Judge what is stated; nothing stated is unknown."""
    choice = patient.statement(form.fact, contents.role_of(form))
    verdicts: dict[object, Verdict] = {one: None if one is None else test(one) for one in choice.options}
    return _table(verdicts, choice.when)


def _periods(fact: str, patient: Patient, test: Callable[[Script], Verdict]) -> Pair:
    """Judge what is on file of a period; nothing on file is unknown."""
    choice = patient.period(fact)
    verdicts: dict[object, Verdict] = {one: None if one is None else test(one) for one in choice.options}
    return _table(verdicts, choice.when)


def _stretch(script: Script, form: f.Throughout | f.On, span: Span) -> Verdict:
    """Judge every day of a stretch; one day that fails settles it, one without a word leaves it open."""
    compare = form.compare
    turns = {span.start + 1, span.end, script.start - 1, script.start, script.end, script.end + 1}
    seen: set[Verdict] = set()
    for day in turns:
        if not span.holds(day, day):
            continue
        value = script.on(day, condition=compare is None)
        if value is None:
            seen.add(None)
        else:
            seen.add(value == 1 if compare is None else stands(value, compare.op, compare.amount.number))
    return False if False in seen else None if None in seen else True


def _lasts(script: Script, form: f.Lasts, as_of: int) -> Verdict:
    if script.start == NEVER or script.value == 0:
        return False
    full = dates.plus(script.start, form.length.duration)
    if full <= as_of and script.end >= full:
        return True
    return False if script.end < full else None


def _begun(script: Script, span: Span) -> Verdict:
    """Judge whether a condition began on a day of the span (before an anchor, or after it)."""
    return script.start != NEVER and span.holds(script.start, script.start)


def _documented(form: f.Documented, span: Span, patient: Patient) -> Pair:
    """Return whether a document is on file, dated in the window; what fails is missing."""
    kind = patient.grid.vocabulary[form.fact].kind
    if kind in ("event", "measurement"):
        there = any_(all_([row.entry.present, row.sure]) for row in rows(form.fact, form.windows, None, span, patient))
        return Pair(TRUE, not_(there))
    choice = patient.statement(form.fact, form.role)
    there = choice.when(lambda one: one == "yes" or (isinstance(one, int) and span.holds(one, one)))
    return Pair(TRUE, not_(there))
