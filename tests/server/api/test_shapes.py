"""Headers and answers."""

from __future__ import annotations

import pytest

from priorauth.ledger.work import Done
from priorauth.server.api import shapes
from priorauth.server.problem import Problem
from tests.ledger import house


def test_a_version_is_read_from_its_tag() -> None:
    assert shapes.seen_version("take", '"12"', needed=True, exact=True) == 12
    assert shapes.seen_version("take", "*", needed=True, exact=False) is None
    assert shapes.seen_version("answer", None, needed=False, exact=False) is None


@pytest.mark.parametrize(("if_match", "exact"), [(None, False), ("*", True)])
def test_a_version_that_is_needed_and_not_said_is_asked_for(if_match: str | None, exact: bool) -> None:  # noqa: FBT001
    with pytest.raises(Problem) as fault:
        shapes.seen_version("approve", if_match, needed=True, exact=exact)
    assert fault.value.status == 428


def test_the_same_key_of_two_callers_is_two_keys() -> None:
    keys = {shapes.own_key(who, "k") for who in (house.NURSE, house.DIRECTOR, house.COORDINATOR, house.OTHER_CLINIC)}
    assert len(keys) == 4
    assert shapes.own_key(house.NURSE, "k") == shapes.own_key(house.NURSE, "k")
    assert shapes.own_key(house.NURSE, None) is None


def test_an_answer_has_the_version_as_its_tag_and_no_word_of_ours() -> None:
    found = shapes.done(Done(case="26-0001", state="with-nurse", version=3))
    assert found.headers["ETag"] == '"3"'
    assert b"result" not in found.body


def test_what_may_be_refused_is_described() -> None:
    found = shapes.answers("done", 409, schema="Done")
    assert set(found) == {200, 401, 409, 421, 422, 429, 503}
