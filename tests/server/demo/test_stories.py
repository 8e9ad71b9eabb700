"""The stories of the demo: each takes its steps in time, and one that is decided against was asked first."""

from __future__ import annotations

import pytest

from priorauth.server.demo import steps, stories
from priorauth.server.demo.requests import Request, made

NAMES = ("approved", "denied", "quick", "overdue", "two_sides", "worn", "called", "on_appeal")


@pytest.fixture(scope="module")
def request_() -> Request:
    return made(1, "2026-11-23")[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_story_takes_at_least_one_step_and_each_after_the_request(name: str, request_: Request) -> None:
    told = list(getattr(stories, name)(request_))
    assert told
    assert all(after.total_seconds() > 0 for after, _ in told)


def test_a_story_that_ends_adversely_asks_before_it(request_: Request) -> None:
    told = sorted(stories.denied(request_), key=lambda one: one[0])
    order = [step for _, step in told]
    assert order.index(steps.ask) < order.index(steps.adverse)


def test_what_is_appealed_was_told_by_letter_after_it_was_decided(request_: Request) -> None:
    assert steps.tell_adverse in [step for _, step in stories.on_appeal(request_)]
