"""Things are made once, beside who asks; who asks early is told that they are not there, and what failed says why."""

from __future__ import annotations

import threading

import pytest

from priorauth.errors import Fault, InputRefused
from priorauth.workbench import shelf
from priorauth.workbench.shelf import Shelf

LONG = 10.0


def asked(of: Shelf, key: str, make: object, seconds: float = LONG) -> object:
    return of.asked("picture", (key,), make, lambda made: len(str(made)), seconds=seconds)  # type: ignore[arg-type]


def test_what_was_made_is_given_again_and_made_once() -> None:
    own, made = Shelf(), []

    def make() -> str:
        made.append(1)
        return "drawn"

    assert [asked(own, "one", make) for _ in range(3)] == ["drawn"] * 3
    assert len(made) == 1


def test_who_asks_before_it_is_there_waits_no_longer_than_she_said_and_finds_it_later() -> None:
    own, go = Shelf(), threading.Event()

    def make() -> str:
        go.wait(LONG)
        return "drawn"

    assert asked(own, "one", make, 0.01) is None
    go.set()
    assert asked(own, "one", make) == "drawn"


def test_why_it_could_not_be_made_is_said_to_everybody_who_asks() -> None:
    own = Shelf()

    def make() -> str:
        raise InputRefused(Fault("letter", None, "the PDF is damaged"))

    for _ in range(2):
        with pytest.raises(InputRefused, match="damaged"):
            asked(own, "one", make)


def test_what_was_asked_for_longest_ago_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_BYTES", 10)
    own, made = Shelf(), []

    def maker(name: str) -> object:
        def make() -> str:
            made.append(name)
            return name * 4

        return make

    for name in ("a", "b", "a", "c", "a", "b"):
        asked(own, name, maker(name))
    assert made == ["a", "b", "c", "b"]


def test_no_more_than_so_many_things_wait_to_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "MOST_BEGUN", 1)
    own, go = Shelf(), threading.Event()

    def slow() -> str:
        go.wait(LONG)
        return "slow"

    assert asked(own, "one", slow, 0.01) is None
    assert asked(own, "two", lambda: "quick", 0.01) is None
    go.set()
    assert asked(own, "one", slow) == "slow"
    assert asked(own, "two", lambda: "quick") == "quick"
