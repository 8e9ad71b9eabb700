"""An adaptive form is followed from its first question to its end: what goes wrong on the way is found."""

from __future__ import annotations

import pytest

from priorauth.exchange.trying.checks import adaptive
from priorauth.exchange.trying.shapes import objects
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import OK, Json, Spoil, answers, every, on, says


def forgets(body: Json) -> Json | None:
    """Take the questions of a round away, as soon as there are any before it."""
    form = body["contained"][0]
    form["item"] = form["item"][-1:]
    for one in objects(form, "item"):
        one["linkId"] = f"{one['linkId']}-{len(str(body))}"
    return body


SPOILED: dict[str, Spoil] = {
    "next.answers": on("$next-question", lambda one: {**one, "contained": []}),
    "next.ends": every("QuestionnaireResponse", says(status="in-progress"), "$next-question"),
    "next.kept": on("$next-question", forgets),
    "next.refuses": answers("$next-question", 200, OK, when=lambda one: b"valueAttachment" in one.asked),
}  # fmt: skip

NAMES = named(adaptive)
ELSEWHERE = set[str]()
UNASKED: dict[str, set[str]] = {"2.0": set(), "2.2": set()}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name])
    assert (found.stand, bool(found.found)) == ("failed", True), found
