"""What is measured beside the public figures: clocks, questions, approvals by rule with their sample, overturns."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from priorauth.ledger import decided
from priorauth.ledger import tables as t
from priorauth.ledger.decided import Span, counting

_HOUR: Final = 3_600_000_000
"""Microseconds."""
_DIGITS: Final = 2


class Clock(Struct, frozen=True, kw_only=True):
    """A rule of a clock: of how many decided requests it was kept, and of which it was missed."""

    rule: str
    kept: int
    missed: tuple[str, ...]
    percent_kept: float | None


class Questions(Struct, frozen=True, kw_only=True):
    """Letters of questions a request, and the requests that were asked more than once (the aim is none)."""

    requests: int
    letters: int
    per_request: float | None
    asked_again: tuple[str, ...]
    percent_again: float | None


class ByRule(Struct, frozen=True, kw_only=True):
    """Approvals by rule among the decided requests, and those that a clinician looks at again."""

    requests: int
    by_rule: int
    percent: float | None
    sample: tuple[str, ...]


class Overturn(Struct, frozen=True, kw_only=True):
    """A criterion for which requests were decided adversely: how many, how many appealed and overturned."""

    criterion: str
    denied: int
    appealed: int
    overturned: int
    percent: float | None
    """Of those whose appeal was decided."""


class Beside(Struct, frozen=True, kw_only=True):
    """What is measured beside the public figures, of all lines together."""

    clocks: tuple[Clock, ...]
    questions: Questions
    by_rule: ByRule
    overturns: tuple[Overturn, ...]


def beside(connection: Connection, when: Span, requests: int, letters: int) -> Beside:
    """Measure a year of so many decided requests, of which so many letters asked something."""
    return Beside(
        clocks=tuple(_clocks(connection, when)),
        questions=_questions(connection, when, requests, letters),
        by_rule=_by_rule(connection, when, requests),
        overturns=tuple(_overturns(connection, when)),
    )


def hours(microseconds: float) -> float:
    """Return hours, to two digits."""
    return round(microseconds / _HOUR, _DIGITS)


def percentile(values: Sequence[int], percent: int) -> int:
    """Return the smallest of sorted values that so many per cent do not exceed: always one of them."""
    return values[max(0, -(-len(values) * percent // 100) - 1)]


def share(counted: int, of: int) -> float | None:
    """Return a share in per cent; None of nothing."""
    return round(100 * counted / of, _DIGITS) if of else None


def _clocks(connection: Connection, when: Span) -> Iterable[Clock]:
    """Yield the clocks of decided requests that had an end: missed is one that ran out before the decision."""
    one = t.clock.c
    late, joined = _late()
    total = select(one.rule, func.count(), func.sum(case((late, 1), else_=0))).where(*decided.within(when), *joined)
    counts = connection.execute(total.group_by(one.rule).order_by(one.rule)).all()
    missed: dict[str, list[str]] = {}
    if any(out for _, _, out in counts):
        query = select(one.rule, one.case_no).where(*decided.within(when), *joined, late)
        for rule, number in connection.execute(query.order_by(one.rule, one.case_no)):
            missed.setdefault(rule, []).append(number)
    for rule, ran, out in counts:
        yield Clock(rule=rule, kept=ran - out, missed=tuple(missed.get(rule, ())), percent_kept=share(ran - out, ran))


def _late() -> tuple[ColumnElement[bool], tuple[ColumnElement[bool], ...]]:
    """Return what is so of a clock that ran out before the decision, and of every clock that had an end."""
    one, of = t.clock.c, t.cases.c
    late = (one.missed_at.is_not(None)) | (one.due_at < of.closed_at)
    return late, (one.tenant == of.tenant, one.case_no == of.case_no, one.due_at.is_not(None))


def ran(connection: Connection, when: Span, rule: str) -> list[tuple[str, bool]]:
    """Return the decided requests that a clock ran for, each with whether it was missed."""
    one = t.clock.c
    late, joined = _late()
    query = select(one.case_no, case((late, 1), else_=0)).where(*decided.within(when), *joined, one.rule == rule)
    return [(number, bool(out)) for number, out in connection.execute(query)]


def _questions(connection: Connection, when: Span, requests: int, letters: int) -> Questions:
    again = tuple(connection.execute(decided.asked_again(when)).scalars())
    return Questions(
        requests=requests,
        letters=letters,
        per_request=round(letters / requests, _DIGITS) if requests else None,
        asked_again=again,
        percent_again=share(len(again), requests),
    )


def _by_rule(connection: Connection, when: Span, requests: int) -> ByRule:
    found = ruled(connection, when)
    return ByRule(requests=requests, by_rule=len(found), percent=share(len(found), requests), sample=sample(found))


def ruled(connection: Connection, when: Span) -> list[str]:
    """Return the decided requests that a rule approved."""
    one, of = t.decision.c, t.cases.c
    query = (
        select(one.case_no)
        .where(*decided.within(when), one.tenant == of.tenant, one.case_no == of.case_no, one.kind == "approve-by-rule")
        .distinct()
    )
    return list(connection.execute(query).scalars())


def sample(numbers: Iterable[str]) -> tuple[str, ...]:
    """Return the cases of a year that are looked at again: those whose hashes are smallest, the same at every count."""
    found, drawn = list(numbers), counting().sample
    most = max(drawn.least, -(-len(found) // drawn.one_in))
    chosen = sorted(found, key=lambda number: hashlib.sha256(number.encode()).digest())[:most]
    return tuple(sorted(chosen))


def appealed(when: Span) -> Select[Any]:
    """Return the query of the cases whose appeal was decided."""
    appeal = t.cases.alias()
    return select(appeal.c.base).where(
        appeal.c.tenant == when.tenant,
        appeal.c.kind == "appeal",
        appeal.c.closed_at <= when.known,
        appeal.c.state.in_(tuple(counting().results)),
        appeal.c.base.is_not(None),
    )


def against(connection: Connection, when: Span, criterion: str) -> list[str]:
    """Return the decided requests against which a criterion was a reason."""
    return list(connection.execute(_reasons(when).where(t.reason.c.criterion == criterion)).scalars())


def _reasons(when: Span) -> Select[Any]:
    one, of = t.reason.c, t.cases.c
    same = (one.tenant == of.tenant, one.case_no == of.case_no)
    return select(one.case_no, one.criterion).where(*decided.within(when), *same).distinct()


def _overturns(connection: Connection, when: Span) -> Iterable[Overturn]:
    """Yield by criterion how many decided requests it was a reason against, and what appeals made of them."""
    one, of = t.reason.c, t.cases.c
    held = (*decided.within(when), one.tenant == of.tenant, one.case_no == of.case_no)
    counts = select(one.criterion, func.count(one.case_no.distinct())).where(*held).group_by(one.criterion)
    heard = _each(connection, select(one.criterion, one.case_no).where(*held, one.case_no.in_(appealed(when))))
    approved = decided.overturned(when)
    won = _each(connection, select(one.criterion, one.case_no).where(*held, one.case_no.in_(approved)))
    for criterion, denied in sorted(tuple(row) for row in connection.execute(counts)):
        yield Overturn(
            criterion=criterion,
            denied=denied,
            appealed=heard[criterion],
            overturned=won[criterion],
            percent=share(won[criterion], heard[criterion]),
        )


def _each(connection: Connection, query: Select[Any]) -> Counter[str]:
    """Return by criterion how many cases a query of criteria and cases finds."""
    return Counter(criterion for criterion, _ in connection.execute(query.distinct()))
