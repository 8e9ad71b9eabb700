"""The stories of the demo: steps with how long after the request each is taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from priorauth.server.demo import papers, steps
from priorauth.server.demo.requests import Request
from priorauth.server.demo.telling import Step

Told = Iterator[tuple[timedelta, Step]]


def _left(request: Request) -> Told:
    del request
    yield 20 * steps.DAY, steps.route
    yield 22 * steps.DAY, steps.approve


def _answered(request: Request) -> Told:
    yield 1 * steps.DAY, steps.answer(request.form)
    yield 2 * steps.DAY, steps.take
    yield 3 * steps.DAY, steps.route
    yield 4 * steps.DAY, steps.approve


def approved(request: Request) -> Told:
    """Approved by the director."""
    del request
    yield 1 * steps.DAY, steps.take
    yield 2 * steps.DAY, steps.route
    yield 3 * steps.DAY, steps.approve


def denied(request: Request) -> Told:
    """Decided adversely after a question was answered."""
    yield 1 * steps.DAY, steps.ask
    yield 2 * steps.DAY, steps.answer(request.form)
    yield 4 * steps.DAY, steps.route
    yield 5 * steps.DAY, steps.adverse


def _appealed(request: Request) -> Told:
    yield from denied(request)
    yield 12 * steps.DAY, steps.appeal


def _withdrawn(request: Request) -> Told:
    del request
    yield 2 * steps.DAY, steps.withdraw


def _asked(request: Request) -> Told:
    yield timedelta(hours=5), steps.ask
    yield 3 * steps.DAY, steps.paper
    yield 4 * steps.DAY, steps.answer(request.form)
    yield 6 * steps.DAY, steps.route
    yield 6.5 * steps.DAY, steps.approve


def _settled(request: Request) -> Told:
    yield 1 * steps.DAY, steps.answer(request.form)
    yield 2 * steps.DAY, steps.propose
    yield 2.5 * steps.DAY, steps.route
    yield 3 * steps.DAY, steps.call
    yield 4 * steps.DAY, steps.settle
    yield 6 * steps.DAY, steps.approve


def _closed(request: Request) -> Told:
    yield 1 * steps.DAY, steps.close(len(request.bundle))


def _on_the_desk(request: Request) -> Told:
    yield 1 * steps.DAY, steps.answer(request.form)
    yield 2 * steps.DAY, steps.take
    yield 15 * steps.DAY, steps.route
    yield 16 * steps.DAY, steps.adverse


def quick(request: Request) -> Told:
    """Answered on the same day, decided on the next."""
    yield timedelta(hours=3), steps.answer(request.form)
    yield timedelta(hours=5), steps.take
    yield timedelta(hours=8), steps.route
    yield timedelta(hours=26), steps.approve if request.initial else steps.adverse


def overdue(request: Request) -> Told:
    """A case of Georgia that nobody decided: the law authorizes it."""
    del request
    yield 1 * steps.DAY, steps.take_second
    yield 2 * steps.DAY, steps.route


def two_sides(request: Request) -> Told:
    """A letter says five tests a day, the whole log of the meter shows two."""
    yield timedelta(hours=3), steps.paper
    yield timedelta(hours=4), steps.log("meter.csv", papers.meter(date.fromisoformat(request.day)))
    yield timedelta(hours=5), steps.take
    yield timedelta(hours=6), steps.note


def worn(request: Request) -> Told:
    """A sensor's log of four weeks comes with the request."""
    yield timedelta(hours=1), steps.log("sensor.csv", papers.sensor(date.fromisoformat(request.day)))
    yield timedelta(hours=2), steps.paper
    yield timedelta(hours=3), steps.take_second


def called(request: Request) -> Told:
    """A case with the director, who offers a call."""
    del request
    yield timedelta(hours=2), steps.paper
    yield timedelta(hours=3), steps.take
    yield timedelta(hours=4), steps.route
    yield timedelta(hours=5), steps.offer


def on_appeal(request: Request) -> Told:
    """A decision that was told by letter and is appealed, the reviewer not yet done."""
    yield from denied(request)
    yield 5.1 * steps.DAY, steps.tell_adverse
    yield 6 * steps.DAY, steps.appeal_lately


STORIES: Final = (
    *(_left, _answered, approved, denied, _appealed),
    *(_withdrawn, _asked, _settled, _closed, _on_the_desk),
)
WITH_FORM: Final = frozenset({2, 9})
"""The stories in which the form of answers comes with the request."""
