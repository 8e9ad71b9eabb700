"""What is measured beside the public figures: clocks, questions, approvals by rule with their sample, overturns."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

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


def beside(connection: Connection, when: Span, rows: Sequence[Row[Any]]) -> Beside:
    """Measure a year, given its decided requests."""
    return Beside(
        clocks=tuple(_clocks(connection, when)),
        questions=_questions(rows),
        by_rule=_by_rule(connection, when, len(rows)),
        overturns=tuple(_overturns(connection, when, {row.case_no for row in rows if row.after_appeal == decided.YES})),
    )


def spent(row: Row[Any]) -> int:
    """Return the microseconds from receipt to notice."""
    found = row.mailed_at - row.received_at
    return int((found.days * 86_400 + found.seconds) * 1_000_000 + found.microseconds)


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


def _questions(rows: Sequence[Row[Any]]) -> Questions:
    letters = sum(int(row.asked) for row in rows)
    again = tuple(sorted(row.case_no for row in rows if row.asked > 1))
    return Questions(
        requests=len(rows),
        letters=letters,
        per_request=round(letters / len(rows), _DIGITS) if rows else None,
        asked_again=again,
        percent_again=share(len(again), len(rows)),
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


def appealed(connection: Connection, when: Span) -> set[str]:
    """Return the cases whose appeal was decided."""
    one = t.cases.c
    query = select(one.base).where(
        one.tenant == when.tenant,
        one.kind == "appeal",
        one.closed_at <= when.known,
        one.state.in_(tuple(counting().results)),
    )
    return set(connection.execute(query).scalars())


def against(connection: Connection, when: Span, criterion: str) -> list[str]:
    """Return the decided requests against which a criterion was a reason."""
    return list(connection.execute(_reasons(when).where(t.reason.c.criterion == criterion)).scalars())


def _reasons(when: Span) -> Select[Any]:
    one, of = t.reason.c, t.cases.c
    same = (one.tenant == of.tenant, one.case_no == of.case_no)
    return select(one.case_no, one.criterion).where(*decided.within(when), *same).distinct()


def _overturns(connection: Connection, when: Span, overturned: set[str]) -> Iterable[Overturn]:
    """Yield by criterion how many decided requests it was a reason against, and what appeals made of them."""
    decided_appeals = appealed(connection, when)
    denied: Counter[str] = Counter()
    heard: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for number, criterion in connection.execute(_reasons(when)):
        denied[criterion] += 1
        heard[criterion] += number in decided_appeals
        won[criterion] += number in overturned
    for criterion in sorted(denied):
        yield Overturn(
            criterion=criterion,
            denied=denied[criterion],
            appealed=heard[criterion],
            overturned=won[criterion],
            percent=share(won[criterion], heard[criterion]),
        )
