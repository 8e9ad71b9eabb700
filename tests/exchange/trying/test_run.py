"""Our tests as a client: a good server passes, and of a server with one thing spoiled that thing is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from priorauth.errors import InputRefused
from priorauth.exchange.trying.checks.subscriptions import parameter
from priorauth.exchange.trying.found import CHECKS, UNREADABLE, Result, texts
from priorauth.exchange.trying.run import chosen, run
from priorauth.exchange.trying.shapes import COVERAGE, PAS, objects, resources
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.acts.queues import RouteToDirector
from tests.exchange.trying.served import Tried, tried
from tests.exchange.trying.spoiling import Exchanged, Spoil, nothing
from tests.ledger import house
from tests.ledger.conftest import copied

Json = dict[str, Any]
PAGE = Path("docs/exchange-checks.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
"""What the docs say of each check."""


@pytest.fixture(scope="module")
def good(request: pytest.FixtureRequest) -> Iterator[Tried]:
    with copied(request.getfixturevalue("migrated")) as store, tried(store) as found:
        yield found


def faults(results: list[Result]) -> list[str]:
    return [f"{one.name}: {one.found}" for one in results if one.stand == "failed"]


def test_each_check_has_its_text_and_each_text_its_check() -> None:
    assert set(texts()) == set(CHECKS)
    assert chosen() == list(texts())


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_good_server_passes(good: Tried, version: str) -> None:
    found = list(run(good.session(version)))
    assert faults(found) == []
    column = {"2.2": 2, "2.0": 3}[version]
    assert [one.stand for one in found] == [row[column].partition(":")[0] for row in ROWS], "tools/clients.py"
    assert [one.name for one in found] == [row[0].strip("`") for row in ROWS]
    passed = [one.name for one in found if one.stand == "passed"]
    assert len(passed) > 90
    groups = {one.partition(".")[0] for one in passed}
    assert {"smart", "metadata", "discovery", "order-sign", "cards", "coverage", "package", "next", "submit"} <= groups
    assert {"inquire", "subscription", "cancel", "update", "hooks", "actions", "errors"} <= groups


# ---- one thing spoiled


def on(part: str, change: Callable[[Any], Any], *, refusals: bool = False) -> Spoil:
    """Return what changes the JSON of answers at addresses that hold a part."""

    def spoil(one: Exchanged) -> None:
        if part in one.path and one.body and (refusals or one.status < 300):
            made = change(one.json)
            if made is not None:
                one.json = made

    return spoil


def answers(part: str, status: int, body: Any = None, when: Callable[[Exchanged], bool] = lambda _: True) -> Spoil:
    """Return what answers something else at addresses that hold a part."""

    def spoil(one: Exchanged) -> None:
        if part in one.path and when(one):
            one.status, one.json = status, {} if body is None else body

    return spoil


def headers(part: str, **changed: str) -> Spoil:
    def spoil(one: Exchanged) -> None:
        if part in one.path:
            one.headers |= {name.replace("_", "-"): value for name, value in changed.items()}

    return spoil


def every(kind: str, change: Callable[[Json], object], part: str = "") -> Spoil:
    """Return what changes each resource of a kind in every answer."""

    def changed(value: Any) -> Any:
        match value:
            case dict():
                if value.get("resourceType") == kind:
                    change(value)
                for one in value.values():
                    changed(one)
            case list():
                for one in value:
                    changed(one)
        return value

    return on(part, changed)


def services(change: Callable[[Json], object]) -> Spoil:
    def changed(body: Json) -> Json:
        for one in body["services"]:
            change(one)
        return body

    return on("/cds-services", lambda body: changed(body) if "services" in body else None)


def cards(change: Callable[[Json], object]) -> Spoil:
    def changed(body: Json) -> Json:
        for one in objects(body, "cards"):
            change(one)
        return body

    return on("-crd", changed)


def actions(change: Callable[[Json], object]) -> Spoil:
    def changed(body: Json) -> Json:
        for one in objects(body, "systemActions"):
            change(one)
        return body

    return on("-crd", changed)


def coverage(change: Callable[[list[Json]], object]) -> Spoil:
    """Return what changes the parts of each coverage-information."""

    def changed(action: Json) -> None:
        for one in action["resource"].get("extension", []):
            if one["url"] == COVERAGE:
                change(one["extension"])

    return actions(changed)


def part(parts: list[Json], url: str, **value: Any) -> None:
    """Let a part of a coverage-information say something else, once."""
    parts[:] = [one for one in parts if one["url"] != url]
    if value:
        parts.append({"url": url, **value})


def response(change: Callable[[Json], object]) -> Spoil:
    return every("ClaimResponse", change, "$submit")


def action(code: str) -> Callable[[Json], object]:
    """Return what gives each item another action."""

    def changed(one: Json) -> None:
        for item in one["item"]:
            for held in item["adjudication"]:
                for review in held["extension"]:
                    review["extension"] = [
                        {
                            "url": f"{PAS}/extension-reviewActionCode",
                            "valueCodeableConcept": {"coding": [{"code": code}]},
                        }
                    ]

    return changed


def first(body: Json, *names: str) -> Json:
    """Return the first object at a path."""
    return objects(body, *names)[0]


def pop(*names: str) -> Callable[[Json], None]:
    def changed(one: Json) -> None:
        for name in names:
            one.pop(name, None)

    return changed


def says(**values: Any) -> Callable[[Json], None]:
    def changed(one: Json) -> None:
        one.update(values)

    return changed


def broken(one: Exchanged) -> bool:
    return one.asks is None


def cancels(one: Exchanged) -> bool:
    return b"extension-certificationType" in one.asked and b'"related"' in one.asked


def strange(one: Exchanged) -> bool:
    return b"never-sent-" in one.asked


def item(change: Callable[[Json], object]) -> Callable[[Json], object]:
    return lambda form: change(form["item"][0]["item"][0] if form["item"][0].get("item") else form["item"][0])


def configured(name: str) -> Callable[[Exchanged], bool]:
    return lambda one: f'"{name}"'.encode() in one.asked


OK: Json = {"resourceType": "Bundle", "type": "collection", "entry": []}
TOKEN = {"access_token": "given", "token_type": "bearer", "expires_in": 300}
HIDDEN = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden", "valueBoolean": True}
LIBRARY = {
    "url": "http://hl7.org/fhir/StructureDefinition/cqf-library",
    "valueCanonical": "https://a.example/Library/none",
}
MINE: Json = {"valueCodeableConcept": {"coding": [{"code": "mine"}]}}
SAID: Json = {"resource": {"extension": [{"url": COVERAGE}]}}
SHOWN: Json = {**OK, "entry": [{"resource": {"resourceType": "ClaimResponse", "item": [{}]}}]}
MADE: Json = {"resourceType": "Subscription"}
_CRD = "-crd"


def nowhere(one: Exchanged) -> bool:
    return b"nowhere.example" in one.asked


def renamed(body: Json) -> Json:
    return {**body, "parameter": [{**one, "name": "bundle"} for one in body["parameter"]]}


def second(name: str) -> Spoil:
    """Return what gives a token to every question but the first."""
    seen: list[int] = []

    def spoil(one: Exchanged) -> None:
        if name in one.path:
            seen.append(1)
            if len(seen) > 1:
                one.status, one.json = 200, TOKEN

    return spoil


def twice(one: Json) -> Json:
    return {**one, "services": [*one["services"], one["services"][0]]}


def without_systems(body: Json) -> Json:
    return {name: value for name, value in body.items() if name != "systemActions"}


def forgets(body: Json) -> Json | None:
    """Take the questions of a round away, as soon as there are any before it."""
    form = body["contained"][0]
    form["item"] = form["item"][-1:]
    for one in objects(form, "item"):
        one["linkId"] = f"{one['linkId']}-{len(str(body))}"
    return body


SPOILED: dict[str, Spoil] = {
    "smart.configuration": on("smart-configuration", lambda one: {**one, "grant_types_supported": ["password"]}),
    "smart.token": headers("/oauth/token", cache_control="max-age=60"),
    "smart.old-scopes": answers("/oauth/token", 400, {"error": "invalid_scope"}, lambda one: b"%2A.read" in one.asked),
    "smart.audience": answers("/oauth/token", 200, TOKEN),
    "smart.expired": answers("/oauth/token", 200, TOKEN),
    "smart.signature": answers("/oauth/token", 200, TOKEN),
    "smart.replay": answers("/oauth/token", 200, TOKEN),
    "smart.grant": answers("/oauth/token", 200, TOKEN),
    "smart.needed": answers("$submit", 200, OK),
    "smart.wrong": answers("$submit", 403, OK),
    "metadata.read": on("/metadata", lambda one: {**one, "fhirVersion": "3.0.2"}),
    "metadata.serves": on("/metadata", lambda one: {**one, "rest": []}),
    "discovery.answers": on("/cds-services", lambda _: {"services": []}),
    "discovery.services": on("/cds-services", twice),
    "discovery.primary": services(lambda one: one.update(hook="order-select")),
    "discovery.prefetch": services(says(prefetch={"patient": "{{ the patient"})),
    "discovery.version": services(pop("extension")),
    "discovery.options": services(lambda one: one["extension"]["davinci-crd.configuration-options"][0].pop("default")),
    "order-sign.answers": on(_CRD, without_systems),
    "order-select.answers": answers(_CRD, 500),
    "order-dispatch.answers": answers(_CRD, 404),
    "appointment-book.answers": on(_CRD, without_systems),
    "encounter-start.answers": on(_CRD, lambda _: {}),
    "hooks.decides": on(_CRD, lambda one: {**one, "systemActions": []}),
    "cards.summary": cards(says(summary="s" * 140)),
    "cards.indicator": cards(says(indicator="hard-stop")),
    "cards.source": cards(lambda one: one["source"].pop("topic")),
    "cards.suggestions": cards(says(suggestions=[{"label": "Take another", "actions": []}])),
    "cards.links": cards(says(links=[{"label": "Portal", "url": "https://a.example", "type": "portal"}])),
    "actions.update": actions(says(type="create")),
    "actions.only": actions(lambda one: one["resource"].update(priority="stat")),
    "coverage.parts": coverage(lambda parts: part(parts, "date")),
    "coverage.codes": coverage(lambda parts: part(parts, "covered", valueCode="perhaps")),
    "coverage.reference": coverage(lambda parts: part(parts, "coverage", valueReference={"reference": "Coverage/x"})),
    "coverage.questionnaire": coverage(lambda parts: part(parts, "doc-needed")),
    "coverage.not-covered": coverage(lambda parts: part(parts, "covered", valueCode="not-covered")),
    "coverage.conditional": coverage(lambda parts: part(parts, "pa-needed", valueCode="conditional")),
    "coverage.no-authorization": coverage(lambda parts: part(parts, "pa-needed", valueCode="no-auth")),
    "coverage.number": coverage(lambda parts: part(parts, "satisfied-pa-id", valueString="1")),
    "coverage.reasons": coverage(lambda parts: part(parts, "reason")),
    "coverage.words": coverage(lambda parts: part(parts, "reason", **MINE)),
    "coverage.secondary": coverage(lambda parts: part(parts, "doc-needed", valueCode="clinical")),
    "coverage.canonical": coverage(lambda parts: part(parts, "questionnaire", valueCanonical="https://a.example/Q")),
    "hooks.again": answers(_CRD, 409),
    "hooks.unknown-fields": answers(_CRD, 400, when=configured("nobodyKnows")),
    "hooks.no-prefetch-value": answers(_CRD, 500, when=lambda one: b": null" in one.asked),
    "hooks.prefetch-outcome": answers(_CRD, 500, when=configured("OperationOutcome")),
    "hooks.configuration": answers(_CRD, 422, when=configured("nobody-knows")),
    "hooks.coverage-off": on(_CRD, lambda one: {**one, "systemActions": [SAID]}),
    "hooks.what-if": coverage(lambda parts: part(parts, "satisfied-pa-id", valueString="1")),
    "hooks.most-cards": on(_CRD, lambda one: {**one, "cards": one["cards"] * 2}),
    "hooks.no-json": answers(_CRD, 500, when=broken),
    "hooks.no-context": answers(_CRD, 200, {"cards": []}),
    "hooks.no-service": answers("no-such", 200, {"cards": []}),
    "hooks.token": answers(_CRD, 200, {"cards": []}),
    "hooks.replay": answers(_CRD, 200, {"cards": []}),
    "hooks.feedback": answers("/feedback", 404),
    "package.answers": answers("-package", 200, {"resourceType": "Parameters"}),
    "package.parameters": on("-package", renamed),
    "package.bundle": on("-package", lambda one: first(one, "parameter", "resource")["entry"].reverse() or one),
    "package.response": every("QuestionnaireResponse", says(questionnaire="https://a.example/other"), "-package"),
    "package.libraries": every("Library", lambda one: one["content"].pop(), "-package"),
    "package.value-sets": every("ValueSet", says(url="https://a.example/ValueSet/other"), "-package"),
    "package.versions": every("Questionnaire", lambda one: one["extension"].append(LIBRARY), "-package"),
    "package.identity": every("Questionnaire", pop("version"), "-package"),
    "package.items": every("Questionnaire", item(says(enableWhen=[{"question": "nothing"}])), "-package"),
    "package.prefill": every("Questionnaire", says(item=[{"linkId": "one", "type": "string"}]), "-package"),
    "package.hidden": every("Questionnaire", item(says(extension=[HIDDEN])), "-package"),
    "package.by-canonical": answers("-package", 404, when=configured("questionnaire")),
    "package.by-context": answers("-package", 404, when=configured("context")),
    "package.unknown-form": answers("-package", 500, when=nowhere),
    "package.unknown-context": answers("-package", 200, {"resourceType": "Parameters"}),
    "package.nothing": answers("-package", 200, {"resourceType": "Parameters"}),
    "next.answers": on("$next-question", lambda one: {**one, "contained": []}),
    "next.ends": every("QuestionnaireResponse", says(status="in-progress"), "$next-question"),
    "next.kept": on("$next-question", forgets),
    "next.refuses": answers("$next-question", 200, OK, when=lambda one: b"valueAttachment" in one.asked),
    "errors.taken": answers("$log-", 501),
    "expand.answers": every("ValueSet", pop("expansion"), "$expand"),
    "submit.answers": on("$submit", lambda one: {**one, "entry": one["entry"][1:]}),
    "submit.bundle": on("$submit", lambda one: {**one, "type": "searchset"}),
    "submit.claim-response": response(pop("created")),
    "submit.outcome": response(says(outcome="queued")),
    "submit.request": response(says(request={"reference": "Claim/another"})),
    "submit.items": response(lambda one: one["item"][0].update(itemSequence=2)),
    "submit.adjudication": response(action("A9")),
    "submit.approved": response(action("A1")),
    "submit.pended": response(lambda one: one["item"][0].pop("extension")),
    "submit.denied": response(lambda one: (action("A3")(one), one.pop("processNote"))),
    "submit.reviewer": response(pop("extension")),
    "submit.references": response(says(insurer={"reference": "Organization/nowhere"})),
    "submit.echo": every("Patient", says(identifier=[]), "$submit"),
    "submit.parameters": answers("$submit", 400, when=lambda one: b"Parameters" in one.asked),
    "submit.percent": answers("%24submit", 404),
    "submit.unknown-elements": answers("$submit", 400, when=configured("nobody knows")),
    "submit.no-json": answers("$submit", 500, when=broken),
    "submit.empty": answers("$submit", 200, OK, when=lambda one: (one.asks or {}).get("entry") == []),
    "submit.first": answers("$submit", 200, OK),
    "submit.kind": answers("$submit", 404),
    "submit.media": answers("$submit", 200, OK, when=broken),
    "inquire.answers": answers("$inquire", 501),
    "inquire.finds": answers("$inquire", 200, OK),
    "inquire.same": response(says(preAuthRef="another")),
    "inquire.stranger": answers("$inquire", 200, SHOWN),
    "inquire.no-json": answers("$inquire", 500, when=broken),
    "update.unknown": answers("$submit", 200, OK, when=strange),
    "subscription.made": on("/Subscription", lambda one: {**one, "id": ""}),
    "subscription.active": every("Subscription", says(status="error")),
    "subscription.status": answers("/$status", 404),
    "subscription.kind": answers("/Subscription", 201, MADE, when=configured("email")),
    "subscription.topic": answers("/Subscription", 201, MADE, when=nowhere),
    "cancel.answers": answers("$submit", 422, when=cancels),
    "cancel.result": response(action("A4")),
    "subscription.deleted": answers("/Subscription/", 405, when=lambda one: one.method == "DELETE"),
}  # fmt: skip
ELSEWHERE = {"hooks.time", "submit.time", "subscription.handshake", "subscription.notified"}
"""What cannot be spoiled by a proxy within a moment; tested below."""
OLD = {"hooks.no-prefetch-value", "hooks.prefetch-outcome"}
"""What can only be asked where something is prefetched that one can do without: in the old version."""


def test_for_each_check_something_is_spoiled() -> None:
    assert set(SPOILED) | ELSEWHERE == set(texts())


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_spoiled_is_found(good: Tried, name: str) -> None:
    good.proxy.spoil = SPOILED[name]
    try:
        (found,) = run(good.session("2.0" if name in OLD else "2.2"), (name,))
    finally:
        good.proxy.spoil = nothing
    assert (found.stand, bool(found.found)) == ("failed", True), found


@pytest.mark.parametrize(
    ("name", "seconds", "kept"), [("hooks.time", 10.5, "hook order-sign"), ("submit.time", 15.5, "submitted")]
)
def test_an_answer_that_took_too_long_is_found(good: Tried, name: str, seconds: float, kept: str) -> None:
    session = good.session()
    _ = session.hooked("order-sign"), session.submitted
    session.kept[kept] = replace(session.kept[kept], seconds=seconds)
    (found,) = run(session, (name,))
    assert (found.stand, f"{seconds} s" in found.found) == ("failed", True)


def test_a_handshake_without_the_headers_of_the_channel_is_found(good: Tried) -> None:
    good.proxy.before = lambda asked: asked.replace(b"as it was given", b"otherwise")
    try:
        (found,) = run(good.session(), ("subscription.handshake",))
    finally:
        good.proxy.before = bytes
    assert (found.stand, found.found) == ("failed", "the header X-Priorauth-Trying was 'otherwise'")


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_decision_of_the_payer_meanwhile_is_told_and_its_shape_is_looked_at(good: Tried, version: str) -> None:
    session = good.session(version, wait=20.0)
    (active,) = run(session, ("subscription.active",))
    assert active.stand == "passed"
    case = str(session.response["id"])
    house.done(good.server.store, RouteToDirector(case=case), house.NURSE, good.server.now)
    house.done(good.server.store, Approve(case=case, why="shown on the telephone"), house.DIRECTOR, good.server.now)
    (told,) = run(session, ("subscription.notified",))
    assert (told.stand, told.found) == ("passed", "")
    good.listener.came = [
        one._replace(body={"resourceType": "Bundle", "entry": one.body["entry"][:1]})
        if parameter(resources(one.body)[0], "type") == "event-notification"
        else one
        for one in good.listener.came
    ]
    (spoilt,) = run(session, ("subscription.notified",))
    assert spoilt.stand == ("passed" if version == "2.0" else "failed")


def test_an_answer_without_an_event_and_one_that_never_comes_are_found(good: Tried) -> None:
    session = good.session(wait=0.1)
    (found,) = run(session, ("subscription.notified",))
    assert (found.stand, found.found) == ("failed", "none within 0.1 seconds")


@pytest.mark.parametrize("name", ["none", "submit.none", "subm"])
def test_a_check_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(InputRefused, match="--only: no check is named"):
        chosen((name,))


def test_a_group_is_asked_by_its_name() -> None:
    assert {one.partition(".")[0] for one in chosen(("cards", "submit.time"))} == {"cards", "submit"}
    assert chosen(("submit.time",)) == ["submit.time"]


def test_a_server_that_is_not_there_fails_and_hangs_nowhere(good: Tried) -> None:
    session = good.session(client=None, listener=None)
    session.cds, session.fhir = "http://127.0.0.1:1/cds-services", "http://127.0.0.1:1/fhir"
    found = list(run(session))
    assert {one.stand for one in found} == {"failed", "not applicable"}
    assert "no answer: ConnectionRefusedError" in next(one.found for one in found if one.name == "submit.answers")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b'"text"', b"{", b"[" * 200,
        b'{"resourceType": "Bundle", "entry": [null, {"resource": 7}]}',
        b'{"services": [7, {"id": 1, "hook": [], "prefetch": [], "extension": 1}], "entry": {"resource": []}}',
        b'{"resourceType": "Parameters", "parameter": [{"resource": {"resourceType": "Bundle", "entry": {}}}]}',
    ],
)  # fmt: skip
def test_whatever_a_server_answers_no_check_breaks(good: Tried, body: bytes) -> None:
    def spoil(one: Exchanged) -> None:
        one.status, one.body = 200, body

    good.proxy.spoil = spoil
    try:
        found = list(run(good.session(listener=None)))
    finally:
        good.proxy.spoil = nothing
    assert len(found) == len(texts())
    assert any(one.stand == "failed" for one in found)
    assert [one.name for one in found if UNREADABLE in one.found] == []
