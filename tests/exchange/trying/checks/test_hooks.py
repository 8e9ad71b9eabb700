"""Answers of hooks are looked at, and calls are made that are not as they should be."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest

from priorauth.exchange.trying import case
from priorauth.exchange.trying.checks import hooks
from priorauth.exchange.trying.found import tried
from priorauth.exchange.trying.line import Answer
from priorauth.exchange.trying.run import run
from priorauth.exchange.trying.session import Session
from priorauth.exchange.trying.shapes import COVERAGE
from tests.exchange.trying.held import Held
from tests.exchange.trying.served import Tried, answered, named
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
    nothing,
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


class TestChecks(Held):
    names = named(hooks)
    spoiled = SPOILED
    elsewhere = frozenset({"hooks.time"})
    unasked: ClassVar = {
        "2.0": {"cards.suggestions"},
        "2.2": {"cards.suggestions", "hooks.no-prefetch-value", "hooks.prefetch-outcome"},
    }


def test_an_answer_that_took_too_long_is_found(good: Tried) -> None:
    session = good.session()
    _ = session.hooked("order-sign")
    session.kept["hook order-sign"] = replace(session.kept["hook order-sign"], seconds=10.5)
    (found,) = run(session, ("hooks.time",))
    assert (found.stand, "10.5 s" in found.found) == ("failed", True)


# ---- each check by itself

CARD: Json = {
    "uuid": "one", "summary": "A request is needed", "indicator": "info",
    "source": {"label": "A Plan", "topic": {"code": "coverage-info"}},
    "suggestions": [{"uuid": "two", "label": "Take another"}],
    "links": [{"label": "A form", "url": "https://a.example", "type": "smart"}],
}  # fmt: skip
PARTS = ("summary", "indicator", "source", "suggestions", "links")


def answer(name: str, body: Json, hook: str = "order-sign", status: int = 200) -> tuple[str, str]:
    """Return what a check finds in an answer of a hook."""
    session = answered(discovery={"services": [{"id": "one", "hook": hook}]})
    session.kept[f"hook {hook}"] = Answer(status, json=body)
    found = tried(name, session)
    return found.stand, found.found


@pytest.mark.parametrize("part", PARTS)
def test_a_card_that_fits_passes(part: str) -> None:
    assert answer(f"cards.{part}", {"cards": [CARD]}) == ("passed", "")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"summary": ""}, "order-sign: 0 characters"),
        ({"summary": "s" * 140}, "order-sign: 140 characters"),
        ({"indicator": "Info"}, "order-sign: 'Info'"),
        ({"source": {"topic": {"code": "x"}}}, "order-sign: no label"),
        ({"source": {"label": "A Plan", "topic": {}}}, "order-sign: a label without topic"),
        ({"suggestions": [{"uuid": "two"}]}, "order-sign: ''"),
        ({"links": [{"label": "A form", "type": "smart"}]}, "order-sign: 'A form'"),
    ],
)
def test_what_is_wrong_with_a_card_is_named(changed: Json, found: str) -> None:
    (part,) = changed
    assert answer(f"cards.{part}", {"cards": [CARD, {**CARD, **changed}]}) == ("failed", found)


@pytest.mark.parametrize("part", PARTS)
def test_where_there_is_no_card_none_is_looked_at(part: str) -> None:
    assert answer(f"cards.{part}", {"cards": []}) == ("not applicable", "no card was answered")


def test_a_summary_may_have_139_characters() -> None:
    assert answer("cards.summary", {"cards": [{**CARD, "summary": "s" * 139}]}) == ("passed", "")


@pytest.mark.parametrize(
    ("hook", "body", "status", "found"),
    [
        ("order-sign", {"cards": [], "systemActions": []}, 200, ("passed", "")),
        ("order-sign", {"cards": []}, 200, ("failed", "no systemActions")),
        ("order-select", {"cards": []}, 200, ("passed", "")),
        ("order-select", {"cards": {}}, 200, ("failed", "200")),
        ("order-sign", {"cards": [], "systemActions": []}, 201, ("failed", "201")),
        (
            "order-sign", {}, 412,
            ("not applicable", "it wants to ask the chart for more, and no address to listen at was given"),
        ),
    ],
)  # fmt: skip
def test_an_answer_has_cards_and_of_a_primary_hook_actions(
    hook: str, body: Json, status: int, found: tuple[str, str]
) -> None:
    assert answer(f"{hook}.answers", body, hook, status) == found


def test_a_chart_that_could_be_asked_is_no_excuse(good: Tried) -> None:
    session = answered(discovery={"services": [{"id": "one", "hook": "order-sign"}]})
    session.kept["hook order-sign"] = Answer(412, json={})
    session.listener = good.listener
    assert tried("order-sign.answers", session).stand == "failed"


@pytest.mark.parametrize(
    ("hook", "seconds", "stand"),
    [
        ("order-sign", 10.0, "passed"),
        ("order-dispatch", 10.1, "failed"),
        ("order-select", 5.0, "passed"),
        ("encounter-start", 5.1, "failed"),
    ],
)
def test_a_primary_hook_has_ten_seconds_and_another_five(hook: str, seconds: float, stand: str) -> None:
    session = answered(discovery={"services": [{"id": "one", "hook": hook}]})
    session.kept[f"hook {hook}"] = Answer(200, json={"cards": []}, seconds=seconds)
    assert tried("hooks.time", session).stand == stand


def changed(name: str, *, by: Json | None = None, kind: str = "update") -> tuple[str, str]:
    """Return what a check finds in an action that returns the order that was sent, with something changed."""
    order = case.read(None, "one").order
    extension = [*order.get("extension", []), {"url": COVERAGE, "extension": []}]
    resource = {**order, "extension": extension, **(by or {})}
    return answer(name, {"cards": [], "systemActions": [{"type": kind, "resource": resource}]})


def test_an_action_returns_what_was_sent_with_a_coverage_information_and_no_other_change() -> None:
    assert changed("actions.update") == changed("actions.only") == ("passed", "")
    assert changed("actions.update", kind="delete") == ("failed", "order-sign: type delete")
    assert changed("actions.update", by={"id": "other"}) == ("failed", "order-sign: DeviceRequest/other was not sent")
    stand, found = changed("actions.only", by={"priority": "stat", "intent": "plan"})
    assert stand == "failed"
    assert {"priority", "intent"} <= set(found.removeprefix("order-sign: ").removesuffix(" differ").split(", "))


def test_other_extensions_of_what_was_sent_stay() -> None:
    other = {"url": "https://a.example/other", "valueBoolean": True}
    assert changed("actions.only", by={"extension": [other]})[0] == "failed"


def test_where_nothing_is_changed_no_action_is_looked_at() -> None:
    none = ("not applicable", "no action of a system was answered")
    assert answer("actions.only", {"cards": []}) == answer("actions.update", {"cards": []}) == none


@pytest.fixture(scope="module")
def session(good: Tried) -> Session:
    """A run in which every hook has answered."""
    made = good.session()
    _ = made.answered()
    return made


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("hooks.again", {200}),
        ("hooks.unknown-fields", {200}),
        ("hooks.no-json", {400}),
        ("hooks.no-context", {400, 422}),
        ("hooks.token", {401}),
        ("hooks.feedback", {200, 202}),
    ],
)
def test_each_call_has_its_statuses_and_no_other(good: Tried, session: Session, name: str, statuses: set[int]) -> None:
    kept = {}
    for status in (200, 202, 400, 401, 404, 422, 500):
        good.proxy.spoil = answers(HOOK, status, {"cards": []})
        try:
            kept[status] = tried(name, session).stand
        finally:
            good.proxy.spoil = nothing
    assert {status for status, stand in kept.items() if stand == "passed"} == statuses


@pytest.mark.parametrize("option", ["coverage-off", "most-cards"])
def test_an_option_that_is_not_offered_is_not_asked(good: Tried, option: str) -> None:
    plain = on("/cds-services", lambda one: {"services": [{**each, "extension": {}} for each in one["services"]]})
    found = good.spoilt(f"hooks.{option}", lambda one: plain(one) if one.method == "GET" else None)
    assert (found.stand, found.found.startswith("the service does not offer ")) == ("not applicable", True)
