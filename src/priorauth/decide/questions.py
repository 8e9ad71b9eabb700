"""Questions: for each fact that is asked, what is on file of it and why that is not enough, which days are missing,
and how to say that there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from msgspec import structs

from priorauth.decide import asking
from priorauth.decide.decided import Ask, Question, Refused, Stretch
from priorauth.decide.evidence import Rows, bounds, papers_refused, window
from priorauth.engines.python import missing, timeline
from priorauth.engines.python.finding import Finding, Result, Why
from priorauth.engines.python.missing import Open
from priorauth.engines.python.outcome import Decision
from priorauth.engines.python.view import View
from priorauth.engines.python.windows import Frame, regimen_line, stretch
from priorauth.facts.anchors import ANCHOR_FACTS
from priorauth.facts.roles import roles
from priorauth.facts.rows import Event, Measurement, ground_of
from priorauth.facts.vocabulary import Fact
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf
from priorauth.record.words import Words
from priorauth.values.dates import LAST_DAY, iso

ALIKE: Final = 3
"""How many rows of one ground are listed one by one; more are put together."""
GROUNDS: Final[Mapping[Why, str]] = {
    Why.NOT_WHOLE: "not known to be complete",
    Why.PARTIAL: "too imprecise",
    Why.FEW: "too few",
    Why.NEWER: "not certain to be the newest",
    Why.HINT: "only a hint",
    Why.UNDATED: "without a date",
    Why.PENDING: "still going on",
    Why.OUTSIDE: "outside the days that count",
    Why.ANCHOR: "the day to count from is not known",
}
NOT_ASKED: Final = "not what is asked for"
ORDERED: Final = "the order's own words"
NONE: Final = "none"


def questions(decision: Decision, rows: Rows, said: Sequence[Words] = ()) -> tuple[tuple[Question, ...], Ask | None]:
    """Return what is asked, in order, and the same as a tree; ``said`` is what the order says in words."""
    want = asking.wanted(decision)
    vocabulary = rows.view.vocabulary
    known = missing.asked(decision.open_leaves, vocabulary)
    listed = asking.keys(want)
    made = tuple(
        Question(
            fact=name,
            ask=vocabulary[name].ask + _to_be_stated_by(name, decision.open_leaves),
            of=vocabulary[name].asked_of,
            criteria=known.get(name) or _of_anchor(name, decision.open_leaves),
            one_of=key,
            on_file=tuple(_on_file(name, decision.open_leaves, rows, said)) or None,
            gap=_gap(name, decision.open_leaves, rows.view),
            or_none=_or_none(vocabulary[name]),
        )
        for name, key in listed.items()
    )
    return made, asking.ask(want)


def _to_be_stated_by(name: str, leaves: Iterable[Open]) -> str:
    """Return who has to state a fact, where every open leaf that asks for it wants it of somebody of one role."""
    found: set[str | None] = set()
    for one in leaves:
        test, result = one.finding.criterion.test, one.finding.result
        if isinstance(test, Leaf) and result is not None and name in result.asks and test.form.fact == name:
            found.add(contents.role_of(test.form))
    role = next(iter(found)) if len(found) == 1 else None
    return "" if role is None else f" To be stated by {roles()[role].say}."


def _of_anchor(name: str, leaves: Iterable[Open]) -> tuple[str, ...]:
    """Return the criteria that count from a day that is known in part only."""
    forms = [(one.criterion, one.finding.criterion.test) for one in leaves]
    criteria = [
        criterion
        for criterion, test in forms
        if isinstance(test, Leaf)
        for anchor in contents.anchors_of(test.form)
        if ANCHOR_FACTS.get(anchor) == name
    ]
    return tuple(dict.fromkeys(criteria))


def _or_none(fact: Fact) -> str | None:
    return None if fact.kind in ("attribute", "judgment") else f"{fact.name}.{NONE}"


# ---- what is on file


def _on_file(name: str, leaves: Iterable[Open], rows: Rows, said: Sequence[Words]) -> Iterator[Refused]:
    """Yield what is on file of a fact that is asked, and why it is not enough."""
    found: dict[Refused, None] = {}
    for one in leaves:
        result = one.finding.result
        if result is not None and name in result.asks:
            found |= dict.fromkeys(_of_leaf(name, one.finding, result, rows))
    yield from _together(list(found))
    fact = rows.view.vocabulary[name]
    if not found and fact.kind == "attribute" and len(fact.values) > 1:
        for order in said:
            kind = rows.table.kind(order.reference, None)
            yield Refused(order.reference, order.date, order.text, ORDERED, None, kind, rows.table.one(name))


def _of_leaf(name: str, finding: Finding, result: Result, rows: Rows) -> Iterator[Refused]:
    test = finding.criterion.test
    own = [] if papers_refused(finding) else [row for row in result.rows if row.fact == name]
    for row in own:
        yield rows.refused(row, ground_of(row) or GROUNDS.get(result.why or Why.NO_DATA, NOT_ASKED))
    if not isinstance(test, Leaf) or test.form.fact != name:
        return
    yield from rows.outside(finding)
    role = contents.role_of(test.form)
    if role is not None:
        heard = {row.ref for row in rows.view.stated_by(name, role).rows(name, "all")}
        others = (row for row in rows.view.rows(name, "all") if row.ref not in heard)
        yield from (rows.refused(row, f"not stated by {roles()[role].say}") for row in others)
        return
    where = window(test.form, rows.view)
    for row in () if own else rows.view.rows(name, "all"):
        if ground_of(row) is not None:
            yield rows.refused(row, ground_of(row) or "")
        elif isinstance(row, Measurement | Event) and (where is None or where.member(row).can_hold):
            yield rows.refused(row, NOT_ASKED)


def _together(found: list[Refused]) -> Iterator[Refused]:
    """Put many rows of one ground and source together: how many, over which days."""
    for _, group in groupby(found, key=lambda one: (one.ground, one.kind, one.bound)):
        alike = list(group)
        if len(alike) <= ALIKE:
            yield from alike
            continue
        days = sorted(part for one in alike if one.date for part in one.date.split("..") if part)
        span = None if not days else days[0] if days[0] == days[-1] else f"{days[0]}..{days[-1]}"
        yield structs.replace(alike[0], date=span, value=None, count=len(alike))


# ---- which days are missing


def _gap(name: str, leaves: Iterable[Open], view: View) -> Stretch | None:
    """Return the days of which nothing speaks, of the first criterion that asks for the fact over a window."""
    for one in leaves:
        result, test = one.finding.result, one.finding.criterion.test
        if result is None or name not in result.asks or not isinstance(test, Leaf) or test.form.fact != name:
            continue
        found = missing_days(test.form, view)
        if found is not None:
            return found
    return None


def missing_days(form: f.Form, view: View) -> Stretch | None:
    """Return the days of a form's window of which nothing says that they are complete; None where none are missing."""
    if isinstance(form, f.Throughout) or (isinstance(form, f.On) and form.compare):
        return _unknown_days(form, view)
    where = window(form, view)
    if where is None:
        return None
    first, last = bounds(where)
    if last == LAST_DAY:
        return None
    if isinstance(form, f.Counted | f.Gap):
        first = _after_wholes(form.fact, where, view)
        if first is not None and last is not None and first > last:
            return None
    return Stretch(None if first is None else iso(first), iso(last if last is not None else view.as_of))


def _after_wholes(fact: str, where: Frame, view: View) -> int | None:
    """Return the first day of a window that no statement of wholeness covers."""
    start = where.span.start_first + 1
    need = view.first_open(fact, "all", start)
    return bounds(where)[0] if need == max(start, view.born) else need


def _unknown_days(form: f.Throughout | f.On, view: View) -> Stretch | None:
    """Return the days on which nothing is known of a regimen or condition."""
    days = stretch(form, view)
    if days is None:
        return None
    if form.compare:
        line = regimen_line(form.fact, view, days.first, days.last)
    else:
        line = timeline.condition(view.periods(form.fact, "all"), days.first, days.last)
    silent = [part for part in line if part.value is None]
    return Stretch(iso(silent[0].first), iso(silent[-1].last)) if silent else None
