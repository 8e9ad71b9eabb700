"""The checks of the CRD suite: discovery, the hooks, their cards and what they say of coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import Flow, NotApplicable, Run
from tests.exchange.kit.started import Json

COVERAGE: Final = "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information"
PRIMARY: Final = {"appointment-book", "order-sign", "order-dispatch"}
CONTEXT: Final = {
    "appointment-book": {"userId", "patientId", "appointments"},
    "encounter-start": {"userId", "patientId", "encounterId"},
    "encounter-discharge": {"userId", "patientId", "encounterId"},
    "order-select": {"userId", "patientId", "selections", "draftOrders"},
    "order-sign": {"userId", "patientId", "draftOrders"},
    "order-dispatch": {"patientId", "order"},
}
ORDERS: Final = {
    *("CommunicationRequest", "DeviceRequest", "MedicationRequest", "NutritionOrder", "ServiceRequest"),
    "VisionPrescription",
}
_LONGEST: Final = 139


# ---- what is sent


def required_sent(run: Run, row: Row) -> None:
    for sent in _flow(run, row).sent:
        assert {"hook", "hookInstance", "context"} <= set(sent)
        assert "fhirServer" in sent or "fhirAuthorization" not in sent


def context_sent(run: Run, row: Row) -> None:
    for sent in _flow(run, row).sent:
        assert CONTEXT[sent["hook"]] <= set(sent["context"])
        for entry in sent["context"].get("draftOrders", {}).get("entry", []):
            order = entry["resource"]
            assert order["resourceType"] in ORDERS
            assert order["subject"]["reference"] == f"Patient/{sent['context']['patientId']}"
        drafts = [one["resource"] for one in sent["context"].get("draftOrders", {}).get("entry", [])]
        named = {f"{one['resourceType']}/{one['id']}" for one in drafts}
        assert set(sent["context"].get("selections", [])) <= named


def optional_sent(run: Run, row: Row) -> None:
    for sent in _flow(run, row).sent:
        if "fhirAuthorization" in sent:
            said = sent["fhirAuthorization"]
            assert {"access_token", "token_type", "expires_in", "scope", "subject"} <= set(said)
            assert said["token_type"].lower() == "bearer"
        assert all(one is None or "resourceType" in one for one in sent.get("prefetch", {}).values())


# ---- what comes back


def discovered(run: Run, row: Row) -> None:
    (told,) = run.discovery(row.version).told
    assert told.status == 200
    assert "json" in told.headers["content-type"]


def services(run: Run, row: Row) -> None:
    (told,) = run.discovery(row.version).told
    assert told.body["services"]
    for one in told.body["services"]:
        assert all(isinstance(one[name], str) and one[name] for name in ("hook", "description", "id"))


def called(run: Run, row: Row) -> None:
    for told in _flow(run, row).told:
        assert told.status == 200, told.body
        assert "json" in told.headers["content-type"]


def answer(run: Run, row: Row) -> None:
    flow = _flow(run, row)
    for sent, told in zip(flow.sent, flow.told, strict=True):
        for card in told.body["cards"]:
            assert 0 < len(card["summary"]) <= _LONGEST
            assert card["indicator"] in {"info", "warning", "critical"}
            assert card["source"]["label"]
            assert card["source"]["topic"]["code"]
            assert card["source"]["topic"]["system"]
        if sent["hook"] in PRIMARY:
            assert isinstance(told.body["systemActions"], list)
        for action in told.body.get("systemActions", []):
            assert action["type"] in {"create", "update", "delete"}
            assert action["description"]
            assert action["type"] == "delete" or action["resource"]["resourceType"]


def cards(run: Run, row: Row) -> None:
    for card in _some(_cards(run, row), "no card is sent"):
        for name in ("uuid", "detail"):
            assert isinstance(card.get(name, ""), str)
        if card.get("suggestions"):
            assert card["selectionBehavior"] in {"at-most-one", "any"}
        for one in card.get("overrideReasons", []):
            assert {"code", "system", "display"} <= set(one)
        for one in card.get("links", []):
            assert one["label"]
            assert one["url"]
            assert one["type"] in {"absolute", "smart"}
            assert one["type"] == "smart" or "appContext" not in one


def external_reference(run: Run, row: Row) -> None:
    _some(_references(run, row), "no such card is sent on this hook; the kit asks for one over all hooks")


def app(run: Run, row: Row) -> None:
    found = [
        one for one in _cards(run, row) if one.get("links") and all(link["type"] == "smart" for link in one["links"])
    ]
    for card in _some(found, "no card offers to open an app"):
        assert all(re.match(r"https?://", link["url"]) for link in card["links"])


def instructions(run: Run, row: Row) -> None:
    _some(_instructions(run, row), "no such card is sent on this hook; the kit asks for one over all hooks")


def coverage_said(run: Run, row: Row) -> None:
    hook = row.given["hook"]
    wanted = {"appointment-book": {"Appointment"}}.get(hook, {"Encounter"} if hook.startswith("encounter") else ORDERS)
    found = _some(covered(run, row), "nothing is said of coverage on this hook: no order is in it")
    assert {one["resource"]["resourceType"] for one in found} <= wanted


def coverage_information(run: Run, row: Row) -> None:
    for action in _some(covered(run, row), "nothing is said of coverage on this hook: no order is in it"):
        assert action["type"] == "update"
        ids: dict[str, set[tuple[str, str]]] = {}
        for said in (one for one in action["resource"]["extension"] if one["url"] == COVERAGE):
            parts = {one["url"]: one for one in said["extension"]}
            cover = parts["coverage"]["valueReference"]["reference"]
            number = parts.get("satisfied-pa-id", {}).get("valueString", "")
            ids.setdefault(cover, set()).add((parts["coverage-assertion-id"]["valueString"], number))
        assert all(len(one) == 1 for one in ids.values())
        assert len({next(iter(one)) for one in ids.values()}) == len(ids)


def alternate(run: Run, row: Row) -> None:
    found = [one for one in _actions(run, row) if one["type"] in {"update", "delete"}]
    for action in _some(found, "no other order is proposed"):
        assert action["type"] == "delete" or action["resource"]["resourceType"] in ORDERS


def additional(run: Run, row: Row) -> None:
    found = [one for one in _actions(run, row) if one["type"] == "create" and one["resource"]["resourceType"] in ORDERS]
    _some(found, "no order more is proposed")


def form(run: Run, row: Row) -> None:
    made = [one for one in _actions(run, row) if one["type"] == "create" and one["resource"]["resourceType"] == "Task"]
    for action in _some(made, "no card asks for a form: coverage information names it"):
        assert action["resource"]["code"]["coding"][0]["code"] == "complete-questionnaire"
        assert any("valueCanonical" in one for one in action["resource"]["input"])


def coverage_card(run: Run, row: Row) -> None:
    found = [one for one in _actions(run, row) if one.get("resource", {}).get("resourceType") == "Coverage"]
    for action in _some(found, "no coverage is made or changed"):
        assert action["type"] in {"create", "update"}


def any_external_reference(run: Run, row: Row) -> None:
    assert any(_references(run, row, hook) for hook in CONTEXT)


def any_instructions(run: Run, row: Row) -> None:
    assert any(_instructions(run, row, hook) for hook in CONTEXT)


def any_coverage_information(run: Run, row: Row) -> None:
    assert any(covered(run, row, hook) for hook in CONTEXT)


# ---- parts of checks


def _flow(run: Run, row: Row, hook: str | None = None) -> Flow:
    return run.hook(row.version, hook or row.given["hook"])


def _some(found: list[Json], why: str) -> list[Json]:
    """Return what was found; where nothing was, the row is not applicable."""
    if not found:
        raise NotApplicable(why)
    return found


def _cards(run: Run, row: Row, hook: str | None = None) -> list[Json]:
    return [one for told in _flow(run, row, hook).told for one in told.body["cards"]]


def _references(run: Run, row: Row, hook: str | None = None) -> list[Json]:
    return [
        one
        for one in _cards(run, row, hook)
        if one.get("links") and all(link["type"] == "absolute" for link in one["links"])
    ]


def _instructions(run: Run, row: Row, hook: str | None = None) -> list[Json]:
    return [one for one in _cards(run, row, hook) if not one.get("links") and not one.get("suggestions")]


def covered(run: Run, row: Row, hook: str | None = None) -> list[Json]:
    return [
        action
        for told in _flow(run, row, hook).told
        for action in told.body.get("systemActions", [])
        if any(one["url"] == COVERAGE for one in action.get("resource", {}).get("extension", []))
    ]


def _actions(run: Run, row: Row) -> Iterator[Any]:
    """Yield the actions that cards suggest."""
    for card in _cards(run, row):
        for suggestion in card.get("suggestions", []):
            yield from suggestion.get("actions", [])
