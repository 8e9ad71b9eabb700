"""States: what regimens, conditions, statements and attributes say on a day, over a stretch of days, or at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from priorauth.engines.python import timeline
from priorauth.engines.python.finding import Result, Why
from priorauth.engines.python.view import View, newest
from priorauth.engines.python.windows import Days, frame, stretch
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.rows import UNREAD, Answer, Event, Measurement, Period, Side, Source, each_once
from priorauth.language import forms as f
from priorauth.values import dates
from priorauth.values.dates import LAST_DAY, When
from priorauth.values.interval import Interval, compare
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth, all_of, any_of, verdict


def no_anchor(anchor: str) -> Result:
    """Return the result where the date to count from is unknown: that date is asked."""
    return Result(UNKNOWN, Why.ANCHOR, asks=(ANCHOR_FACTS[anchor],))


def throughout(form: f.Throughout, view: View, side: Side) -> Result:
    """A regimen in a relation to a number, or a condition present, on every day of (anchor - length, anchor].

    Where an answer says on which day it began, too late for a window that moves with the request, only time is missing:
    it waits, whether nothing is said of the days before (unknown) or something is that fails (not met).
    """
    days = stretch(form, view)
    return no_anchor(form.anchor) if days is None else _stretch(form, view, side, days)


def on(form: f.On, view: View, side: Side) -> Result:
    """A condition present, or a regimen in a relation to a number, on a day."""
    days = stretch(form, view)
    return no_anchor(form.anchor) if days is None else _stretch(form, view, side, days)


def _stretch(form: f.Throughout | f.On, view: View, side: Side, days: Days) -> Result:
    """Judge every day of a stretch; a regimen by its number, a condition by its presence."""
    fact, first, last = form.fact, days.first, days.last
    tested = form.compare
    if tested:
        record = () if side == "answers" else view.periods(fact, "record")
        answers = () if side == "record" else view.periods(fact, "answers")
        line = timeline.regimen(record, answers, first, last)
        parts = [compare(part.value, tested.op, tested.amount.number) if part.value else UNKNOWN for part in line]
    else:
        line = timeline.condition(view.periods(fact, side), first, last)
        parts = [_presence(part, view, fact, side) for part in line]
    rows = each_once([row for part in line for row in part.rows])
    truth = _over(line, parts, days)
    if truth != MET and isinstance(form, f.Throughout) and view.moves(form.anchor):
        begun = _stated_beginning(form, line, parts)
        if begun is not None:
            return Result(truth, Why.TIME, rows=rows, wait=dates.filled(begun, form.length.duration))
    if truth.settled:
        return Result(truth, rows=rows)
    open_rows = next((part.rows for part, one in zip(line, parts, strict=True) if one == UNKNOWN), rows)
    hinted = not tested and any(row.value == timeline.MAYBE for row in open_rows)
    why = Why.HINT if hinted else Why.PARTIAL if open_rows else Why.NOT_WHOLE if rows else Why.NO_DATA
    if why is Why.HINT and view.vocabulary[fact].silent_no:
        return Result(UNKNOWN, Why.JUDGMENT, rows=rows)
    return Result(UNKNOWN, why, rows=rows, asks=(fact,))


def _over(line: tuple[timeline.Stretch, ...], parts: list[Truth], days: Days) -> Truth:
    """Whether a test holds on every day, where the day that it is counted from may be known in part.

    What fails on a day that every possible window holds fails; what fails on others alone may be no part of the window.
    """
    if days.exact or not parts:
        return all_of(parts)
    sure = [one.can_hold for part, one in zip(line, parts, strict=True) if days.surely(part.first, part.last)]
    return Truth(any(one.can_hold for one in parts) and all(sure), any(one.can_fail for one in parts))


def _stated_beginning(form: f.Throughout, line: tuple[timeline.Stretch, ...], parts: list[Truth]) -> int | None:
    """Return the day from which every day is met, where an answer says that it began then.

    Of the days before either something fails, or nothing at all is said: what may have held on them is asked, it is
    not waited for.
    """
    place = len(parts)
    while place and parts[place - 1] == MET:
        place -= 1
    if place in (0, len(parts)):
        return None
    if NOT_MET not in parts and any(part.rows for part in line[:place]):
        return None
    day = line[place].first
    return day if any(_begins(row, day, form) for row in line[place].rows) else None


def _begins(row: Period, day: int, form: f.Throughout) -> bool:
    """Whether a row is an answer that what meets the test began on a day and goes on."""
    if row.source is not Source.ANSWER or not (row.start_first == row.start_last == day <= row.end_first):
        return False
    if form.compare is None:
        return row.ongoing and row.value == timeline.PRESENT
    return row.ongoing and compare(row.value, form.compare.op, form.compare.amount.number) == MET


def _presence(part: timeline.Stretch, view: View, fact: str, side: Side) -> Truth:
    if part.value is None:
        return NOT_MET if view.whole(fact, side, part.first, part.last) else UNKNOWN
    return _PRESENT.get(part.value) or compare(part.value, "=", 1)


_PRESENT: Final = {timeline.PRESENT: MET, timeline.ABSENT: NOT_MET, timeline.MAYBE: UNKNOWN}
"""What :func:`compare` says of the values that a condition has."""


def lasts(form: f.Lasts, view: View, side: Side) -> Result:
    """A period that has run for a length of time; shorter and ongoing is unknown for lack of time."""
    periods = [row for row in view.periods(form.fact, side) if row.value != timeline.ABSENT]
    if not periods:
        denied = view.periods(form.fact, side)
        return Result(NOT_MET, rows=denied) if denied else Result(UNKNOWN, Why.NO_DATA, asks=(form.fact,))
    found = [_run(row, form, view.as_of) for row in periods]
    truth = any_of(part.truth for part in found)
    if truth == MET:
        return next(part for part in found if part.truth == MET)
    if truth == NOT_MET:
        return found[-1]
    waits = [part for part in found if part.wait is not None]
    return min(waits, key=lambda part: part.wait or 0) if waits else next(p for p in found if p.truth == UNKNOWN)


def _run(row: Period, form: f.Lasts, as_of: int) -> Result:
    first, last = (dates.plus(day, form.length.duration) for day in (row.start_first, row.start_last))
    if row.value == timeline.MAYBE:
        return Result(UNKNOWN, Why.HINT, rows=(row,), asks=(form.fact,))
    if last <= as_of and row.end_first >= last:
        return Result(MET, rows=(row,))
    if row.end_last < first:
        return Result(NOT_MET, rows=(row,))
    if row.ongoing and last > as_of and row.start_first == row.start_last:
        return Result(UNKNOWN, Why.TIME, rows=(row,), wait=last)
    return Result(UNKNOWN, Why.PARTIAL, rows=(row,), asks=(form.fact,))


def stated(form: f.Stated, view: View, side: Side) -> Result:
    """An attestation answered yes: the newest statement counts; two of the same time that differ are a conflict."""
    return _spoken(form.fact, view, side, lambda row: _among(row, ("yes",)), Why.NO_DATA)


def _among(row: Answer, texts: tuple[str, ...]) -> Truth:
    """Whether a statement is one of some texts; one that is only a mention may be."""
    return UNKNOWN if row.text == UNREAD else verdict(holds=row.text in texts)


def judged(form: f.Judged, view: View, _: Side) -> Result:
    """A judgment: the provider is never asked for it. It has one side, the payer's clinicians'."""
    result = _spoken(form.fact, view, "judgment", lambda row: _among(row, ("yes",)), Why.JUDGMENT)
    return Result(result.truth, result.why, result.value, result.rows, result.conflict, result.sides)


def refused(form: f.Refused, view: View, _: Side) -> Result:
    """A judgment given as no; not given is not refused."""
    result = _spoken(form.fact, view, "judgment", lambda row: _among(row, ("no",)), None)
    return Result(NOT_MET) if not result.rows else result


def is_one(form: f.Is, view: View, side: Side) -> Result:
    """An attribute that has one of the values listed; a pending value is unknown, and asked only once nothing waits."""
    pending = view.vocabulary[form.fact].pending
    result = _spoken(form.fact, view, side, lambda row: _among(row, form.values), Why.NO_DATA)
    if pending and any(row.text in pending for row in result.rows if isinstance(row, Answer)):
        return Result(UNKNOWN, Why.PENDING, result.value, result.rows, asks=(form.fact,))
    return result


def has(form: f.Has, view: View, side: Side) -> Result:
    """A number or date attribute in a relation to a number or a day."""
    tested = form.compare
    return _spoken(form.fact, view, side, lambda row: compare(row.value, tested.op, tested.amount.number), Why.NO_DATA)


def _spoken(fact: str, view: View, side: Side, test: Callable[[Answer], Truth], why: Why | None) -> Result:
    """Judge the newest statement of a fact."""
    rows = newest(view.answers(fact, side))
    if not rows:
        return Result(UNKNOWN, why, asks=(fact,))
    verdicts = {test(row) for row in rows}
    if len(verdicts) == 1:
        truth = verdicts.pop()
        value = None if rows[0].text == UNREAD else rows[0].text
        if truth.settled:
            return Result(truth, None, value, rows)
        return Result(truth, _partial(rows), value, rows, asks=(fact,))
    settled = {truth for truth in verdicts if truth.settled}
    conflict = len(settled) > 1 and len({(row.first, row.last, row.minute) for row in rows}) == 1
    sides = tuple(f"{row.ref}: {row.text}" for row in rows) if conflict else ()
    why = None if conflict else Why.NEWER if len(settled) > 1 else _partial(rows)
    return Result(UNKNOWN, why, None, rows, conflict, sides, asks=(fact,))


def _partial(rows: tuple[Answer, ...]) -> Why:
    """Return why statements settle nothing: one is no more than a mention, or they are not exact."""
    return Why.MENTION if any(row.text == UNREAD for row in rows) else Why.PARTIAL


def age(form: f.Age, view: View, side: Side) -> Result:
    """The member's age in whole years on a day."""
    anchor = view.anchor(form.anchor)
    rows = newest(view.answers("birth_date", side))
    if anchor is None:
        return no_anchor(form.anchor)
    if not rows:
        return Result(UNKNOWN, Why.NO_DATA, asks=("birth_date",))
    lows = [dates.years_between(row.high, anchor.first) for row in rows if row.high is not None]
    highs = [dates.years_between(row.low, anchor.last) for row in rows if row.low is not None]
    if not lows or not highs:
        return Result(UNKNOWN, Why.PARTIAL, rows=rows, asks=("birth_date",))
    low, high = min(lows), max(highs)
    truth = compare(Interval(low, high), form.op, form.years.number)
    value = f"{low} years" if low == high else f"{low} to {high} years"
    return Result(
        truth, None if truth.settled else Why.PARTIAL, value, rows, asks=() if truth.settled else ("birth_date",)
    )


def earlier(form: f.Earlier | f.Later, view: View, side: Side) -> Result:
    """A date strictly before (after) an anchor; of a condition, present on a day before (begun after) it."""
    anchor = view.anchor(form.anchor)
    if anchor is None:
        return no_anchor(form.anchor)
    if view.vocabulary[form.fact].kind == "condition":
        return _begun(form, view, side, anchor)

    def test(row: Answer) -> Truth:
        if row.low is None or row.high is None:
            return UNKNOWN
        if isinstance(form, f.Earlier):
            return Truth(can_hold=row.low < anchor.last, can_fail=row.high >= anchor.first)
        return Truth(can_hold=row.high > anchor.first, can_fail=row.low <= anchor.last)

    return _spoken(form.fact, view, side, test, Why.NO_DATA)


def _begun(form: f.Earlier | f.Later, view: View, side: Side, anchor: When) -> Result:
    periods = view.periods(form.fact, side)
    rows = tuple(row for row in periods if row.value != timeline.ABSENT)
    before = isinstance(form, f.Earlier)
    tests = []
    for row in rows:
        sure = row.start_last < anchor.first if before else row.start_first > anchor.last
        maybe = row.start_first < anchor.last if before else row.start_last > anchor.first
        tests.append(Truth(can_hold=maybe, can_fail=not (sure and row.low == 1)))
    if any(test == MET for test in tests):
        return Result(MET, rows=tuple(row for row, test in zip(rows, tests, strict=True) if test == MET))
    if any(test.can_hold for test in tests):
        return Result(UNKNOWN, Why.PARTIAL, rows=rows, asks=(form.fact,))
    first, last = (dates.FIRST_DAY, anchor.first - 1) if before else (anchor.last + 1, view.as_of)
    if rows or view.whole(form.fact, side, first, last):
        return Result(NOT_MET, rows=periods)
    denied = tuple(row for row in periods if row.start_last <= first and row.end_first >= last)
    if denied:
        return Result(NOT_MET, rows=denied)
    return Result(UNKNOWN, Why.NO_DATA if not periods else Why.NOT_WHOLE, rows=periods, asks=(form.fact,))


def recent(form: f.Recent, view: View, side: Side) -> Result:
    """A date attribute in (anchor - length, anchor]."""
    where = frame((f.Within(form.length, form.anchor),), view)
    if where.missing:
        return no_anchor(where.missing)

    def test(row: Answer) -> Truth:
        return UNKNOWN if row.low is None or row.high is None else where.span.member(row.low, row.high)

    return _spoken(form.fact, view, side, test, Why.NO_DATA)


def offset(form: f.Offset, view: View, side: Side) -> Result:
    """A date attribute in a relation to the day that lies a length after an anchor."""
    anchor = view.anchor(form.anchor)
    if anchor is None:
        return no_anchor(form.anchor)
    first, last = (dates.plus(day, form.length.duration) for day in (anchor.first, anchor.last))

    def test(row: Answer) -> Truth:
        if row.low is None or row.high is None:
            return UNKNOWN
        return compare(Interval(row.low - last, row.high - first), form.op, 0)

    return _spoken(form.fact, view, side, test, Why.NO_DATA)


def documented(form: f.Documented, view: View, side: Side) -> Result:
    """A document on file, dated in the window: what fails this is missing, never refuted.

    A date that somebody states for the one paper of its kind, and that is not the paper's own, is a conflict.
    """
    where = frame(form.windows, view)
    if where.missing:
        return no_anchor(where.missing)
    if side == "all" and view.vocabulary[form.fact].one_paper and (apart := _dated_apart(form.fact, view)):
        sides = tuple(dict.fromkeys(f"{row.ref}: {row.text}" for row in apart))
        return Result(UNKNOWN, rows=apart, conflict=True, sides=sides, asks=(form.fact,))
    rows = [row for row in view.rows(form.fact, side) if isinstance(row, Answer | Event | Measurement)]
    good: list[Answer | Event | Measurement] = []
    seen: list[Answer | Event | Measurement] = []
    doubtful = False
    for row in rows:
        if isinstance(row, Answer) and row.text in ("yes", "no", UNREAD):
            truth = _among(row, ("yes",))
        elif isinstance(row, Answer):
            truth = where.span.member(row.low or 0, row.high or LAST_DAY)
        else:
            truth = where.member(row)
        (good if truth == MET else seen).append(row)
        doubtful |= truth == UNKNOWN
    if good:
        last = max(good, key=lambda row: (row.last if not isinstance(row, Answer) else row.high or 0, row.ref))
        value = last.text if isinstance(last, Answer) and last.text not in ("yes", "no") else None
        return Result(MET, value=value, rows=(last,))
    why = Why.PARTIAL if doubtful else Why.OUTSIDE if seen else Why.NO_DATA
    return Result(UNKNOWN, why, rows=tuple(seen), asks=(form.fact,))


def _dated_apart(fact: str, view: View) -> tuple[Answer, ...]:
    """Return the stated dates of a paper that are not those of the paper on file, with these; none where they agree."""
    record = [row for row in view.answers(fact, "record") if row.low is not None and row.high is not None]
    apart = [
        row
        for row in view.answers(fact, "answers")
        if row.low is not None and row.high is not None and not any(_overlap(row, paper) for paper in record)
    ]
    return (*apart, *record) if record and apart else ()


def _overlap(one: Answer, two: Answer) -> bool:
    return (one.low or 0) <= (two.high or 0) and (two.low or 0) <= (one.high or 0)
