"""A check has passed, has failed, or is not applicable; what breaks in it is said, and the next is done."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.trying import found
from priorauth.exchange.trying.found import UNREADABLE, Check, Result, texts, tried
from priorauth.exchange.trying.session import NotApplicable, Session
from tests.exchange.trying.served import answered

NAME = "submit.answers"
NEW = "submit.reviewer"
"""A check of the new version alone."""


def done(monkeypatch: pytest.MonkeyPatch, function: Check, name: str = NAME, version: str = "2.2") -> Result:
    """Return what comes of a function in the place of a check."""
    monkeypatch.setitem(found.CHECKS, name, function)
    return tried(name, answered(version))


@pytest.mark.parametrize("said", [None, ""])
def test_a_check_that_says_nothing_has_passed(monkeypatch: pytest.MonkeyPatch, said: str | None) -> None:
    one = done(monkeypatch, lambda _: said)
    assert (one.name, one.stand, one.found, one.expected) == (NAME, "passed", "", texts()[NAME].expects)


def test_a_check_that_says_something_has_failed_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    one = done(monkeypatch, lambda _: "404 with OperationOutcome")
    assert (one.stand, one.found) == ("failed", "404 with OperationOutcome")


def test_a_check_that_cannot_be_asked_says_why_and_has_not_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: Session) -> str | None:
        raise NotApplicable("no card was answered")

    one = done(monkeypatch, none)
    assert (one.stand, one.found) == ("not applicable", "no card was answered")


def test_a_check_that_breaks_has_failed_and_shows_the_kind_of_the_fault_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: Session) -> str | None:
        raise KeyError("Peter Pan, born 1904")

    one = done(monkeypatch, breaks)
    assert (one.stand, one.found) == ("failed", f"{UNREADABLE}: KeyError")


def test_a_check_of_another_version_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_: Session) -> str | None:
        pytest.fail("it was done")

    one = done(monkeypatch, never, NEW, "2.0")
    assert (one.stand, one.found, one.seconds) == ("not applicable", "not of version 2.0", 0.0)
    assert done(monkeypatch, lambda _: None, NEW).stand == "passed"


def test_the_time_of_a_check_is_by_the_clock_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((10.0, 12.5))
    session = answered()
    session.tick = lambda: next(clock)
    monkeypatch.setitem(found.CHECKS, NAME, lambda _: None)
    assert tried(NAME, session).seconds == 2.5


def test_a_function_is_registered_under_its_name_and_stays_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "CHECKS", {})

    def some(_: Session) -> str | None:
        return None

    assert found.check("some.check")(some) is some
    assert {"some.check": some} == found.CHECKS


def test_each_text_says_what_is_expected_in_versions_that_there_are() -> None:
    for name, said in texts().items():
        assert said.expects.strip(), name
        assert said.versions, name
        assert set(said.versions) <= {"2.0", "2.2"}, name


def test_a_result_is_an_object_of_json() -> None:
    made: dict[str, Any] = Result("a.b", "failed", "200", "404", 0.5).json()
    assert made == {"name": "a.b", "stand": "failed", "expected": "200", "found": "404", "seconds": 0.5}
