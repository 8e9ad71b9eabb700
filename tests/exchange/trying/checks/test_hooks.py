"""Answers of hooks are looked at, and calls are made that are not as they should be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from priorauth.exchange.trying.checks import hooks
from priorauth.exchange.trying.run import run
from priorauth.exchange.trying.shapes import COVERAGE
from tests.exchange.trying.served import VERSIONS, Tried, named
from tests.exchange.trying.spoiling import (
    HOOK,
    Json,
    Spoil,
    actions,
    answers,
    broken,
    cards,
    configured,
    covers,
    on,
    part,
    says,
)

SAID: Json = {"resource": {"extension": [{"url": COVERAGE}]}}


def without_systems(body: Json) -> Json:
    return {name: value for name, value in body.items() if name != "systemActions"}


SPOILED: dict[str, Spoil] = {
    "order-sign.answers": on(HOOK, without_systems),
    "order-select.answers": answers(HOOK, 500),
    "order-dispatch.answers": answers(HOOK, 404),
    "appointment-book.answers": on(HOOK, without_systems),
    "encounter-start.answers": on(HOOK, lambda _: {}),
    "hooks.decides": on(HOOK, lambda one: {**one, "systemActions": []}),
    "cards.summary": cards(says(summary="s" * 140)),
    "cards.indicator": cards(says(indicator="hard-stop")),
    "cards.source": cards(lambda one: one["source"].pop("topic")),
    "cards.suggestions": cards(says(suggestions=[{"label": "Take another", "actions": []}])),
    "cards.links": cards(says(links=[{"label": "Portal", "url": "https://a.example", "type": "portal"}])),
    "actions.update": actions(says(type="create")),
    "actions.only": actions(lambda one: one["resource"].update(priority="stat")),
    "hooks.again": answers(HOOK, 409),
    "hooks.unknown-fields": answers(HOOK, 400, when=configured("nobodyKnows")),
    "hooks.no-prefetch-value": answers(HOOK, 500, when=lambda one: b": null" in one.asked),
    "hooks.prefetch-outcome": answers(HOOK, 500, when=configured("OperationOutcome")),
    "hooks.configuration": answers(HOOK, 422, when=configured("nobody-knows")),
    "hooks.coverage-off": on(HOOK, lambda one: {**one, "systemActions": [SAID]}),
    "hooks.what-if": covers(lambda parts: part(parts, "satisfied-pa-id", valueString="1")),
    "hooks.most-cards": on(HOOK, lambda one: {**one, "cards": one["cards"] * 2}),
    "hooks.no-json": answers(HOOK, 500, when=broken),
    "hooks.no-context": answers(HOOK, 200, {"cards": []}),
    "hooks.no-service": answers("no-such", 200, {"cards": []}),
    "hooks.token": answers(HOOK, 200, {"cards": []}),
    "hooks.replay": answers(HOOK, 200, {"cards": []}),
    "hooks.feedback": answers("/feedback", 404),
}  # fmt: skip

NAMES = named(hooks)
ELSEWHERE = {"hooks.time"}
UNASKED: dict[str, set[str]] = {
    "2.0": {"cards.suggestions"},
    "2.2": {"cards.suggestions", "hooks.no-prefetch-value", "hooks.prefetch-outcome"},
}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = good.whole(version)
    assert {found[name].stand for name in NAMES - UNASKED[version]} == {"passed"}
    assert {name for name in NAMES if found[name].stand == "not applicable"} == UNASKED[version]


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == NAMES


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    found = good.spoilt(name, SPOILED[name], "2.0" if name in UNASKED["2.2"] and name not in UNASKED["2.0"] else "2.2")
    assert (found.stand, bool(found.found)) == ("failed", True), found


def test_an_answer_that_took_too_long_is_found(good: Tried) -> None:
    session = good.session()
    _ = session.hooked("order-sign")
    session.kept["hook order-sign"] = replace(session.kept["hook order-sign"], seconds=10.5)
    (found,) = run(session, ("hooks.time",))
    assert (found.stand, "10.5 s" in found.found) == ("failed", True)
