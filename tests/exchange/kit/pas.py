"""The checks of the PAS suites: requests, updates, inquiries and subscriptions, in both versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tests.exchange.kit.elements import PAS, at, missing
from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import INQUIRE, SUBMIT, Flow, Run, bundles, resources, status_of
from tests.exchange.kit.started import Json, Told

ACTIONS: Final = "https://codesystem.x12.org/005010/306"
TOPIC: Final = "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"
FILTER: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria"
CONTENT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content"
MOST_SECONDS: Final = 15.0
ORDERS: Final = {"DeviceRequest", "MedicationRequest", "ServiceRequest", "NutritionOrder"}
_URL: Final = re.compile(r"https?://\S+|urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


# ---- what is sent


def subscription_sent(run: Run, row: Row) -> None:
    for sent in run.subscription(row.version).sent:
        assert sent["criteria"] == TOPIC
        filters = [one["valueString"] for one in sent["_criteria"]["extension"] if one["url"] == FILTER]
        assert len(filters) == 1
        assert re.fullmatch(r"org-identifier=\S+|orgIdentifier=\S+", filters[0])
        assert sent["channel"]["type"] == "rest-hook"
        content = [one["valueCode"] for one in sent["channel"]["_payload"]["extension"] if one["url"] == CONTENT]
        assert content == ["full-resource" if row.version == "2.2.1" else "id-only"]


def request_sent(run: Run, row: Row) -> None:
    for sent in run.flow(row.version, row.given["flow"]).sent:
        _bundle_is_whole(sent, "Claim")
        claim = sent["entry"][0]["resource"]
        sequences = [one["sequence"] for one in claim.get("supportingInfo", [])]
        assert len(sequences) == len(set(sequences))


def inquiry_sent(run: Run, row: Row) -> None:
    for sent in run.inquired(row.version, row.given["flow"]).sent:
        _bundle_is_whole(sent, "Claim", but=("related",))
        assert not {"patient", "provider", "insurer"} - set(sent["entry"][0]["resource"])


def order_sent(run: Run, row: Row) -> None:
    """One order at least has every element that the profiles of orders want of it."""
    wanted = {
        "DeviceRequest": ["code[x]", "subject", "status", "intent"],
        "ServiceRequest": ["code", "subject", "status", "intent", "occurrence[x]"],
        "MedicationRequest": ["medication[x]", "subject", "status", "intent"],
        "NutritionOrder": ["patient", "status", "intent"],
    }
    orders = [
        one for sent in _sent(run, row.version, "submit") for one in resources(sent) if one["resourceType"] in ORDERS
    ]
    assert any(not missing([one], wanted[one["resourceType"]]) for one in orders)


def elements_sent(run: Run, row: Row) -> None:
    sent = _sent(run, row.version, row.given["operation"])
    assert _missing(sent, row) == []


# ---- what comes back


def submitted(run: Run, row: Row) -> None:
    for told in run.flow(row.version, row.given["flow"]).told:
        _answered(told, "Bundle")


def response(run: Run, row: Row) -> None:
    found = [one for told in run.flow(row.version, row.given["flow"]).told for one in bundles(told)]
    assert found
    for one in found:
        _bundle_is_whole(one, "ClaimResponse", within=("ClaimResponse",), but=("request",))


def decision(run: Run, row: Row) -> None:
    for told in run.flow(row.version, row.given["flow"]).told:
        actions = [
            one for made in bundles(told) for answer in resources(made, "ClaimResponse") for one in _actions(answer)
        ]
        assert row.given["action"] in actions


def sequences_echoed(run: Run, row: Row) -> None:
    """No item is answered that was not asked."""
    for sent, told in _updates(run, row.version):
        assert _sequences(told) <= {one["sequence"] for one in sent["entry"][0]["resource"]["item"]}


def every_item_answered(run: Run, row: Row) -> None:
    for sent, told in _updates(run, row.version):
        assert {one["sequence"] for one in sent["entry"][0]["resource"]["item"]} <= _sequences(told)


def inquired(run: Run, row: Row) -> None:
    for told in run.inquired(row.version, row.given["flow"]).told:
        _answered(told, "Bundle" if row.version == "2.0.1" else "Parameters")


def inquiry_answer(run: Run, row: Row) -> None:
    found = [one for told in run.inquired(row.version, row.given["flow"]).told for one in bundles(told)]
    assert found
    assert any(True for one in found for _ in resources(one, "ClaimResponse"))
    for one in found:
        _bundle_is_whole(one, None, within=("ClaimResponse",), but=("request",))


def elements_answered(run: Run, row: Row) -> None:
    if row.given["operation"] == "submit":
        told = [one for flow in run.flows(row.version) for one in flow.told]
    else:
        told = [one for name in ("pended", "must_support", "unsaid") for one in run.inquired(row.version, name).told]
    assert _missing([made for one in told for made in bundles(one)], row) == []


def empty_refused(run: Run, row: Row) -> None:
    path = SUBMIT if row.given["operation"] == "submit" else INQUIRE
    body: Json = {**run.flow(row.version, "approval").sent[0], "entry": []}
    told = run.started.post(path, body, row.version)
    assert not 200 <= told.status < 300
    assert told.body["resourceType"] == "OperationOutcome"


# ---- subscriptions


def subscription_made(run: Run, row: Row) -> None:
    (told,) = run.subscription(row.version).told
    assert (told.status, told.body["resourceType"]) == (201, "Subscription"), told.body
    assert told.body["id"]
    (came,) = run.notifications(row.version, "handshake")
    assert came[0]["Authorization"] == "Bearer demo_execution"


def subscription_answer(run: Run, row: Row) -> None:
    (told,) = run.subscription(row.version).told
    assert told.body["channel"]["type"] == "rest-hook"
    assert told.body["status"] == "requested"


def handshake(run: Run, row: Row) -> None:
    ((headers, body),) = run.notifications(row.version, "handshake")
    _is_notification(run, row, headers, body, "handshake", "requested")


def notified(run: Run, row: Row) -> None:
    ((headers, _),) = run.notifications(row.version, "event-notification")
    assert headers["Authorization"] == "Bearer demo_execution"


def notification(run: Run, row: Row) -> None:
    ((headers, body),) = run.notifications(row.version, "event-notification")
    _is_notification(run, row, headers, body, "event-notification", "active")


def notification_of_ids(run: Run, row: Row) -> None:
    ((_, body),) = run.notifications(row.version, "event-notification")
    assert all("fullUrl" in one and "resource" not in one for one in body["entry"][1:])
    foci = list(_foci(body))
    assert foci
    assert all("ClaimResponse/" in one for one in foci)


def notification_of_resources(run: Run, row: Row) -> None:
    ((_, body),) = run.notifications(row.version, "event-notification")
    assert len(body["entry"]) > 1
    assert all("fullUrl" in one and "resource" in one for one in body["entry"][1:])
    urls = {one["fullUrl"] for one in body["entry"][1:]}
    foci = list(_foci(body))
    assert foci
    assert all(one in urls or any(url.endswith(f"/{one}") for url in urls) for one in foci)


def notification_of_answer(run: Run, row: Row) -> None:
    ((_, body),) = run.notifications(row.version, "event-notification")
    for focus in _foci(body):
        (found,) = [one["resource"] for one in body["entry"][1:] if one["fullUrl"].endswith(focus)]
        assert (found["resourceType"], found["type"]) == ("Bundle", "collection")
        assert list(resources(found, "ClaimResponse"))


# ---- parts of checks


def _answered(told: Told, kind: str) -> None:
    assert told.status in {200, 201}, told.body
    assert "json" in told.headers["content-type"]
    assert told.body["resourceType"] == kind
    assert told.seconds < MOST_SECONDS


def _bundle_is_whole(bundle: Json, first: str | None, within: tuple[str, ...] = (), but: tuple[str, ...] = ()) -> None:
    """Whether the first entry is of a kind, each fullUrl an address, and each reference leads to one entry.

    ``within``: references of these kinds alone are followed, save those in elements named ``but``.
    """
    urls = [one["fullUrl"] for one in bundle.get("entry", [])]
    assert all(_URL.fullmatch(one) for one in urls)
    assert len(urls) == len(set(urls))
    if first is not None:
        assert bundle["entry"][0]["resource"]["resourceType"] == first
    for entry in bundle.get("entry", []):
        resource = entry["resource"]
        if within and resource["resourceType"] not in within:
            continue
        base = re.sub(r"[A-Z]\w+/[^/]+$", "", entry["fullUrl"])
        left_out = {
            *but,
            *(() if entry is bundle["entry"][0] else ("related",)),
        }  # what came before the prior need not be
        for found in _references({key: one for key, one in resource.items() if key not in left_out}):
            if not found.startswith("#"):
                leads = [url for url in urls if url in {found, f"{base}{found}"}]
                assert len(leads) == 1, found


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _actions(answer: Json) -> list[str]:
    """Return the review actions of the items of an answer."""
    path = "adjudication.extension:reviewAction.extension:reviewActionCode.valueCodeableConcept.coding"
    return [one["code"] for item in answer.get("item", []) for one in at(item, path) if one.get("system") == ACTIONS]


def _updates(run: Run, version: str) -> Iterator[tuple[Json, Told]]:
    for name in ("initial", "add_item", "modify_cancel"):
        flow = run.flow(version, name)
        yield from zip(flow.sent, flow.told, strict=True)


def _sequences(told: Told) -> set[int]:
    return {
        one["itemSequence"]
        for made in bundles(told)
        for answer in resources(made, "ClaimResponse")
        for one in answer.get("item", [])
    }


def _sent(run: Run, version: str, operation: str) -> list[Json]:
    flows: Iterable[Flow] = (
        run.flows(version)
        if operation == "submit"
        else [run.inquired(version, "pended"), run.inquired(version, "must_support")]
    )
    return [one for flow in flows for one in flow.sent]


def _missing(made: list[Json], row: Row) -> list[str]:
    profile, wanted = row.given["profile"], row.given["elements"]
    return missing([one for bundle in made for one in _of_profile(bundle, profile)], wanted)


_KINDS: Final = {
    "claim_update": "Claim", "claim_inquiry": "Claim", "claimresponse": "ClaimResponse",
    "claiminquiryresponse": "ClaimResponse", "coverage": "Coverage", "encounter": "Encounter",
    "practitioner": "Practitioner", "practitioner_role": "PractitionerRole", "task": "Task",
    "communication_request": "CommunicationRequest",
}  # fmt: skip
_PARTIES: Final = {
    "insurer": ("Claim.insurer", "ClaimResponse.insurer"),
    "requestor": ("Claim.provider", "ClaimResponse.requestor"),
    "beneficiary": ("Claim.patient", "ClaimResponse.patient"),
    "subscriber": ("Coverage.subscriber",),
}


def _of_profile(bundle: Json, profile: str) -> list[Json]:
    """Return what of a Bundle is of a profile: by its kind, or by the part that it plays."""
    if profile.endswith("bundle"):
        return [bundle]
    if profile in _KINDS:
        return list(resources(bundle, _KINDS[profile]))
    named = set()
    for place in _PARTIES[profile]:
        kind, _, element = place.partition(".")
        named |= {one[element]["reference"] for one in resources(bundle, kind) if "reference" in one.get(element, {})}
    return [
        one["resource"]
        for one in bundle.get("entry", [])
        if any(one.get("fullUrl", "").endswith(name) for name in named)
    ]


def _is_notification(  # noqa: PLR0913, PLR0917 - what a notification is held against
    run: Run, row: Row, headers: dict[str, str], body: Json, kind: str, status: str
) -> None:
    (told,) = run.subscription(row.version).told
    assert headers["Content-Type"].partition(";")[0] == "application/fhir+json"
    assert headers["Authorization"] == "Bearer demo_execution"
    assert (body["resourceType"], body["type"]) == ("Bundle", "history")
    first = body["entry"][0]
    assert first["resource"]["resourceType"] == "Parameters"
    assert first["request"]["method"]
    assert first["response"]["status"]
    assert {kind, status} <= {one for one in status_of(body) if isinstance(one, str)}
    (named,) = [
        one["valueReference"]["reference"] for one in first["resource"]["parameter"] if one["name"] == "subscription"
    ]
    assert named.endswith(f"Subscription/{told.body['id']}")


def _foci(body: Json) -> Iterator[str]:
    for one in body["entry"][0]["resource"]["parameter"]:
        for part in one.get("part", []):
            if part["name"] == "focus":
                yield part["valueReference"]["reference"]


__all__ = ["PAS"]
