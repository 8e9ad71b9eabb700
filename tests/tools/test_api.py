"""The reference of the library says what the library gives today; its examples run in tests/docs/test_commands.py."""

from __future__ import annotations

import pytest

import priorauth
from tools import api


class Bare:
    """A class one of whose fields nobody explains."""

    said: str
    """What is said."""
    unsaid: str


def test_the_reference_in_the_docs_is_not_stale() -> None:
    text = api.PAGE.read_text("utf-8")
    assert api.filled(text) == text


def test_every_public_name_has_a_section_and_an_example() -> None:
    text = api.PAGE.read_text("utf-8")
    for name in priorauth.__all__:
        assert f"\n## {name}\n" in text
        assert name in api.EXAMPLES


def test_all_that_a_determination_is_made_of_is_explained() -> None:
    assert {part.__name__ for part in api.parts(priorauth.Determination)} == {
        *("About", "Applied", "Ask", "Assessed", "Conflict", "Effective"),
        *("DocumentSays", "Evidence", "Question", "ReasonGiven", "Refused", "Stretch"),
    }


def test_a_field_without_a_meaning_is_a_fault() -> None:
    with pytest.raises(SystemExit, match=r"Bare.unsaid has no meaning below it"):
        list(api.fields(Bare))


def test_a_public_name_without_an_example_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(api.EXAMPLES, "Fault")
    with pytest.raises(SystemExit, match="Fault has no example"):
        api.api()


def test_a_public_name_that_the_reference_forgets_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priorauth, "__all__", [*priorauth.__all__, "deny"])
    with pytest.raises(SystemExit, match="ORDER and the public names differ: deny"):
        api.api()


def test_a_signature_shows_how_it_is_called_and_nothing_of_the_inside() -> None:
    listed = dict(api.members(priorauth.Catalog))
    assert api.signature("on", listed["on"]) == (
        "on(day: date | str, policy: str | None = None) -> tuple[Version, ...]"
    )
    assert api.inside(api.signature("load", listed["load"]))
    assert ".load(" not in api.PAGE.read_text("utf-8")
