"""A leaf over a case: all rows together, the answers alone and the coded record alone, and what silence means.

A leaf is a conflict where the answers alone and the record alone both settle it and differ. For ``latest``, results
of one day that differ in verdict conflict, and so does an answered result that turns the verdict of a coded result
shortly before it (``answer_against_record`` in the vocabulary's derivations); otherwise the newest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from priorauth.engines.python import measures, states
from priorauth.engines.python.finding import Result, Why
from priorauth.engines.python.show import amount, listed
from priorauth.engines.python.view import Dated, View
from priorauth.facts.rows import Measurement, Row, Side, Source
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.traits import TRAITS
from priorauth.values.interval import compare
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth, all_of, any_of

_ANCHOR: Final = Why.ANCHOR


def evaluate(form: f.Form, view: View) -> Result:
    """Return the verdict of a leaf with its evidence, its reason where unknown, and what would settle it."""
    role = contents.role_of(form)
    if role is not None:
        view = _of_role(form, role, view)
    kind, fact = type(form), form.fact
    judge, trait = _JUDGES[kind], TRAITS[kind]
    result = judge(form, view, "all")
    if result.why is _ANCHOR:
        if view.silent(fact):
            result = replace(result, asks=tuple(dict.fromkeys((*result.asks, *contents.facts_of(form)))))
        if _never(form, view):
            result = replace(result, asks=())
    if trait.silenced and result.truth == UNKNOWN and not result.conflict and _silence_says_no(fact, view):
        holds = isinstance(form, f.NoRow)
        return Result(MET if holds else NOT_MET, assumed=(fact,))
    if result.conflict or not trait.sided:
        return result
    if view.two_sided(fact):
        answers, record = judge(form, view, "answers"), judge(form, view, "record")
        if answers.truth.settled and record.truth.settled and answers.truth != record.truth:
            sides = (f"answers: {listed(answers, view)}", f"record: {listed(record, view)}")
            rows = tuple(dict.fromkeys((*answers.rows, *record.rows)))
            return Result(UNKNOWN, None, None, rows, conflict=True, sides=sides, asks=(fact,))
    return result


def _of_role(form: f.Form, role: str, view: View) -> View:
    """Return the view in which only somebody of a role states the fact; the days to count from are found before."""
    for name in contents.anchors_of(form):
        view.anchor(name)
    return view.stated_by(form.fact, role)


def _never(form: f.Form, view: View) -> bool:
    """Whether the day to count from is of something that never was: nobody can give it, nor what lies around it."""
    lost = next((name for name in contents.anchors_of(form) if view.anchor(name) is None), None)
    said = contents.never(lost, view.vocabulary) if lost else None
    return said is not None and evaluate(said, view).truth == MET


def _silence_says_no(name: str, view: View) -> bool:
    """Whether no word on a fact counts as absent, and there is no word."""
    fact = view.vocabulary.facts.get(name)
    if fact is None or not fact.silent_no or not view.silent(name):
        return False
    return not any(view.hinted(other) for other in fact.silent_unless)


def _counted(form: f.Counted, view: View, side: Side) -> Result:
    """Hold a measure against its number."""
    measured = measures.measure(form, view, side)
    tested = form.compare
    if measured.value is None or tested is None:
        return _settled(form, UNKNOWN, measured, view, side)
    return _settled(form, compare(measured.value, tested.op, tested.amount.number), measured, view, side)


def _settled(form: f.Form, truth: Truth, measured: measures.Measured, view: View, side: Side) -> Result:
    """Return the result of a measure: its value in words, and what to ask where it is open."""
    value = amount(form, measured, view) if measured.rows or truth.settled else None
    if truth.settled:
        return Result(truth, None, value, measured.rows)
    if measured.missing:
        return replace(states.no_anchor(measured.missing), rows=measured.rows)
    why = measured.why or Why.NOT_WHOLE
    if why in (Why.NO_DATA, Why.NONE) and view.undated(form.fact, side):
        why = Why.UNDATED
    asks = () if why is Why.NONE else contents.facts_of(form)
    return Result(UNKNOWN, why, value, measured.rows, asks=asks)


def _latest(form: f.Latest, view: View, side: Side) -> Result:
    found = measures.latest(form, view, side)
    if isinstance(found, measures.Measured):
        return _settled(form, UNKNOWN, found, view, side)
    verdicts = [measures.passes(row, form.compare) for row in found]
    shown = amount(form, measures.Measured(found[-1].value, found), view) if len(found) == 1 else None
    days = {(row.first, row.last) for row in found}
    if len({truth for truth in verdicts if truth.settled}) > 1:
        if len(days) == 1 and all(row.first == row.last for row in found):
            return _clash(form, found, view)
        return Result(UNKNOWN, Why.NEWER, None, found, asks=(form.fact,))
    truth = verdicts[0] if len(set(verdicts)) == 1 else UNKNOWN
    if truth.settled:
        against = _turned(form, found, truth, view) if side == "all" else ()
        if against:
            return _clash(form, (*found, *against), view)
        shown = shown or amount(form, measures.Measured(measures.reach(found), found), view)
        return Result(truth, None, shown, found)
    faulty = any(row.low is None and row.high is None for row in found)
    return Result(UNKNOWN, Why.UNIT if faulty else Why.PARTIAL, shown, found, asks=(form.fact,))


def _turned(form: f.Latest, newest: tuple[Dated, ...], truth: Truth, view: View) -> tuple[Dated, ...]:
    """Return the coded results shortly before an answered newest result whose verdict it turns."""
    if any(row.source is not Source.ANSWER for row in newest):
        return ()
    reach = int(view.vocabulary.amount("answer_against_record"))
    record = measures.latest(form, view, "record")
    if isinstance(record, measures.Measured):
        return ()
    since = min(row.first for row in newest) - reach
    close = tuple(row for row in record if row.first >= since)
    return tuple(row for row in close if measures.passes(row, form.compare) not in (truth, UNKNOWN))


def _clash(form: f.Form, rows: tuple[Dated, ...], view: View) -> Result:
    sides = tuple(dict.fromkeys(listed(Result(UNKNOWN, rows=(row,)), view) for row in rows))
    return Result(UNKNOWN, None, None, rows, conflict=True, sides=sides, asks=(form.fact,))


def _any(form: f.AnyRow, view: View, side: Side) -> Result:
    chosen = measures.choose(form.fact, form.windows, form.compare, view, side)
    if chosen.frame.missing:
        return states.no_anchor(chosen.frame.missing)
    rows, failed = chosen.rows, chosen.failed
    if form.partner:
        partners = view.dated(form.partner.fact, side)
        rows = tuple((row, all_of((truth, _partnered(row, form.partner, partners)))) for row, truth in rows)
        alone = [row for row, truth in rows if not truth.can_hold and _certain(row, chosen)]
        failed = tuple(sorted((*failed, *alone), key=lambda row: (row.first, row.ref)))
    met = tuple(row for row, truth in rows if truth == MET)
    if met:
        best = met[-1]
        return Result(MET, None, amount(form, measures.Measured(best.value, met), view), met)
    if chosen.whole and not any(truth.can_hold for _, truth in rows):
        return Result(NOT_MET)
    open_rows = tuple(row for row, truth in rows if truth.can_hold)
    if failed and not open_rows and _measured_once(form, view, side):
        return Result(UNKNOWN, Why.FAILED, None, failed)
    why = chosen.why
    if why is Why.NO_DATA and view.undated(form.fact, side):
        why = Why.UNDATED
    asks = contents.facts_of(form)
    if form.partner and view.vocabulary[form.fact].once and any(row in chosen.certain for row in open_rows):
        asks = (form.partner.fact,)  # the result itself is there and passes
    return Result(UNKNOWN, why, None, open_rows, asks=asks)


def _certain(row: Dated, chosen: measures.Chosen) -> bool:
    """Whether a row is in the window for certain; a mention never is."""
    return not (isinstance(row, Measurement) and row.fault) and chosen.frame.member(row) == MET


def _measured_once(form: f.AnyRow, view: View, side: Side) -> bool:
    """Whether a result that fails is not asked again: one is enough, and none without a date may pass."""
    if form.compare is None or not view.vocabulary[form.fact].once:
        return False
    return not any(measures.passes(row, form.compare).can_hold for row in view.without_date(form.fact, side))


def _partnered(row: Dated, partner: f.Partner, partners: tuple[Dated, ...]) -> Truth:
    """Whether a result of the same draw stands in the relation; none on file is unknown."""
    same = [other for other in partners if _same_draw(row, other)]
    return any_of(measures.passes(other, partner.compare) for other in same) if same else UNKNOWN


def _same_draw(one: Dated, two: Dated) -> bool:
    """One specimen, else one minute, else one day where neither has a time."""
    specimens = getattr(one, "specimen", None), getattr(two, "specimen", None)
    if all(specimens):
        return specimens[0] == specimens[1]
    if one.minute is not None and two.minute is not None:
        return one.minute == two.minute
    return one.first == one.last == two.first == two.last


def _none(form: f.NoRow, view: View, side: Side) -> Result:
    found = _any(f.AnyRow(form.fact, None, form.windows), view, side)
    swapped = {MET: NOT_MET, NOT_MET: MET}.get(found.truth, UNKNOWN)
    return replace(found, truth=swapped, value=None)


def _gap(form: f.Gap, view: View, side: Side) -> Result:
    truth, measured = measures.gap(form, view, side)
    return _settled(form, truth, measured, view, side)


def _no_worse(form: f.NoWorse, view: View, side: Side) -> Result:
    before, after = measures.before_and_after(form, view, side)
    rows: tuple[Row, ...] = tuple(dict.fromkeys((*before.rows, *after.rows)))
    for part in (before, after):
        if part.missing:
            return replace(states.no_anchor(part.missing), rows=rows)
        if part.value is None:
            return Result(UNKNOWN, part.why or Why.NO_DATA, None, rows, asks=(form.fact,))
    if before.value is None or after.value is None:
        return Result(UNKNOWN, Why.NO_DATA, None, rows, asks=(form.fact,))
    by = form.by.number if form.by else 0
    worse = view.vocabulary[form.fact].worse == "higher"
    truth = measures.no_worse(before.value, after.value, by, higher_is_worse=worse)
    value = f"{amount(form.measure, before, view)} before, {amount(form.measure, after, view)} after"
    if truth.settled:
        return Result(truth, None, value, rows)
    reasons = [part.why for part in (after, before) if part.why not in (None, Why.OUTSIDE)]
    return Result(UNKNOWN, reasons[0] if reasons else Why.NOT_WHOLE, value, rows, asks=(form.fact,))


_JUDGES: Final[Mapping[type[f.Form], Callable[[Any, View, Side], Result]]] = {
    f.Latest: _latest,
    f.AnyRow: _any,
    f.NoRow: _none,
    f.Count: _counted,
    f.DaysWith: _counted,
    f.Average: _counted,
    f.Share: _counted,
    f.Spread: _counted,
    f.Sum: _counted,
    f.Spaced: _counted,
    f.Gap: _gap,
    f.NoWorse: _no_worse,
    f.Throughout: states.throughout,
    f.On: states.on,
    f.Lasts: states.lasts,
    f.Stated: states.stated,
    f.Documented: states.documented,
    f.Is: states.is_one,
    f.Has: states.has,
    f.Age: states.age,
    f.Earlier: states.earlier,
    f.Later: states.earlier,
    f.Recent: states.recent,
    f.Offset: states.offset,
    f.Judged: states.judged,
    f.Refused: states.refused,
}
"""What judges a leaf of each form on the rows of one side."""
