"""The response in both versions: first the ClaimResponse, then what it refers to; what was asked comes back so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from priorauth.exchange.pas.codes import PAS, coded
from priorauth.exchange.pas.respond import bundle as written
from priorauth.exchange.pas.standing import standing
from priorauth.exchange.plan import Partner, Version, plan_of
from priorauth.ledger.acts.decisions import DecideInPart
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import Store
from tests.exchange.house import PLAN, Exchange, exchanging
from tests.exchange.pas.sending import (
    BASE,
    SUBMIT,
    action,
    actions,
    asking,
    case_of,
    claim,
    extended,
    following,
    item,
    named,
    notes,
    of_kind,
    response,
    reviewed,
    rich,
    send,
)
from tests.exchange.shapes import literals, unresolved
from tests.ledger.house import DIRECTOR, LICENCE, NURSE, REASON, TENANT, done
from tests.ledger.standing import STATES

Json = dict[str, Any]
VERSIONS: Final[tuple[Version, ...]] = ("2.0", "2.2")
KNOWN: Final = {
    "payer": {
        **PLAN["payer"], "identifiers": ["http://hl7.org/fhir/sid/us-npi|1234567893", "urn:example:payer|12345"],
        "website": "https://plan.example",
    },
    "codes": {
        "reject": {"related-unknown": "33"}, "follow_up": {"related-unknown": "C"},
        "reason": {"adverse": "0Y", "part": "0Y"},
    },
}  # fmt: skip
"""A plan that says everything of itself, and has codes of X12."""


def extension(holder: Json, name: str) -> Json | None:
    return next((one for one in holder.get("extension", []) if one["url"] == f"{PAS}/extension-{name}"), None)


def value(holder: Json, name: str) -> Any:  # JSON
    found = extension(holder, name)
    assert found is not None, name
    return next(part for key, part in found.items() if key != "url")


def in_part(exchange: Exchange, bundle: Json, version: str = "2.2", **more: Any) -> Json:
    """Have less approved of a request than it asks; return the answer to it then."""
    number = case_of(send(exchange, bundle, version, **more))
    done(exchange.store, RouteToDirector(case=number), NURSE)
    act = DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities={1: 10})
    done(exchange.store, act, DIRECTOR)
    return send(exchange, bundle, version, **more)


# ---- the Bundle


@pytest.mark.shall(
    "PAS 2.2.1/spec-30",
    "PAS 2.2.1/spec-31",
    "PAS 2.2.1/spec-33",
    "PAS 2.0.1/100",
    "PAS 2.0.1/101",
    "PAS 2.0.1/102",
    "PAS 2.0.1/103",
    "PAS 2.2.1/spec-16",
    "PAS 2.2.1/use-1",
    "PAS 2.0.1/5",
)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["approve", "ask", "review"])
def test_the_response_is_first_and_all_that_it_refers_to_is_there_once(
    exchange: Exchange, name: str, version: str
) -> None:
    sent = rich(asking(name))
    made = send(exchange, sent, version)
    assert (made["type"], response(made)["resourceType"]) == ("collection", "ClaimResponse")
    urls = [one["fullUrl"] for one in made["entry"]]
    assert len(set(urls)) == len(urls)
    assert all(one.startswith(("http://", "https://", "urn:uuid:")) for one in urls)
    assert [one for one in unresolved(made) if not one.endswith("/Claim/request-" + name)] == []
    came = {one["fullUrl"]: one["resource"] for one in sent["entry"]}
    for entry in made["entry"]:
        if entry["fullUrl"] in came:
            theirs = came[entry["fullUrl"]]
            assert entry["resource"]["id"] == theirs["id"]
            known = entry["resource"].get("identifier", [])
            assert [one for one in theirs.get("identifier", []) if one not in known] == []
    assert {one["resource"]["resourceType"] for one in made["entry"]} >= {"Patient", "Organization"}


@pytest.mark.shall("PAS 2.2.1/spec-44", "PAS 2.2.1/spec-34", "PAS 2.0.1/216", "PAS 2.0.1/218")
def test_the_request_is_named_and_its_items_are_answered_under_their_sequence(exchange: Exchange) -> None:
    bundle = asking("ask", items=2)
    made = send(exchange, bundle)
    assert response(made)["request"]["reference"] == bundle["entry"][0]["fullUrl"]
    assert list(actions(made)) == [1, 2]
    bare = asking("ask")
    bare["entry"][0].pop("fullUrl")
    claim(bare).pop("identifier")
    absent = response(send(exchange, bare))["request"]
    assert absent["extension"][0]["valueCode"] == "unknown"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_standing_gives_the_same_bytes(exchange: Exchange, version: Version) -> None:
    number = case_of(send(exchange, rich(asking("ask"))))
    answer = standing(exchange.store, TENANT, number)
    assert answer is not None
    plan = plan_of({"exchange": PLAN})
    made = [written(answer, plan, version, Partner(), "https://h/plan/2.2") for _ in range(2)]
    assert made[0] == made[1]
    other = written(answer, plan, version, Partner(), "https://elsewhere/plan/2.2")
    assert other["identifier"] != made[0]["identifier"]


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_answered_in_both_versions(exchange: Exchange, state: str) -> None:
    send(exchange, asking("ask"))
    number = STATES[state](exchange.store)
    answer = standing(exchange.store, TENANT, number)
    assert answer is not None
    plan = plan_of({"exchange": PLAN})
    outcomes = {
        version: response(written(answer, plan, version, Partner(), f"https://h/plan/{version}"))["outcome"]
        for version in VERSIONS
    }
    pended = answer.results[0].action == "A4"
    assert outcomes == {"2.0": "queued" if pended else "complete", "2.2": "complete"}


# ---- what differs between the versions


@pytest.mark.shall("PAS 2.2.1/conf-1")
def test_what_a_version_cannot_say_is_left_out(exchange: Exchange) -> None:
    old, new = (in_part(exchange, named(rich(asking("ask", quantity=15)), one), one) for one in VERSIONS)
    assert (reviewed(old), reviewed(new)) == (None, True)
    assert "extension" not in response(old)
    assert extension(response(new)["item"][0], "admissionDates") is not None
    assert extension(response(old)["item"][0], "admissionDates") is None
    assert "extension" not in response(old)["addItem"][0]
    assert "adjudication" not in response(old)


def test_some_items_pended_and_some_decided_is_partial(exchange: Exchange) -> None:
    bundle = asking("ask", items=2)
    number = case_of(send(exchange, bundle))
    made = send(exchange, following(bundle, "second", cancelled=(2,)))
    assert case_of(made) == number
    assert response(made)["outcome"] == "partial"
    assert response(send(exchange, following(bundle, "second", cancelled=(2,)), "2.0"))["outcome"] == "partial"


# ---- approved, in part, denied


@pytest.mark.parametrize("version", VERSIONS)
def test_the_number_of_what_was_taken_back_does_not_stand_for_the_whole(exchange: Exchange, version: str) -> None:
    bundle = asking("approve")
    assert "preAuthRef" in response(send(exchange, bundle, version))
    made = send(exchange, following(bundle, "second", cancelled=(1,)), version)
    assert actions(made) == {1: "C"}
    assert not response(made).keys() & {"preAuthRef", "preAuthPeriod"}


def test_what_is_approved_says_number_days_detail_and_supplier(exchange: Exchange) -> None:
    made = send(exchange, rich(asking("approve")))
    (one,) = response(made)["item"]
    (review,) = one["adjudication"][0]["extension"]
    number = next(part["valueString"] for part in review["extension"] if part["url"] == "number")
    assert number == response(made)["preAuthRef"] == f"{case_of(made)}-1"
    assert value(one, "itemPreAuthPeriod") == response(made)["preAuthPeriod"]
    assert value(one, "itemPreAuthIssueDate") == "2026-11-24"
    detail = {part["url"]: part for part in value(one, "itemAuthorizedDetail")}
    assert detail["productOrServiceCode"]["valueCodeableConcept"] == item(asking("approve"))["productOrService"]
    assert detail["quantity"]["valueQuantity"]["value"] == 1
    assert detail["unitPrice"]["valueMoney"] == {"value": 4000, "currency": "USD"}
    (provider,) = value(one, "itemAuthorizedProvider")
    assert provider["valueReference"]["reference"].endswith("/Organization/supplier")
    assert one["adjudication"][0]["category"]["coding"][0]["code"] == "submitted"


@pytest.mark.shall("PAS 2.2.1/spec-36", "PAS 2.2.1/spec-37", "PAS 2.2.1/prof-2", "PAS 2.2.1/prof-3")
@pytest.mark.parametrize("version", VERSIONS)
def test_less_than_was_asked_is_modified_and_what_was_approved_stands_beside_it(
    exchange: Exchange, version: str
) -> None:
    sent = rich(asking("ask", quantity=15))
    item(sent)["locationReference"] = {"reference": "Location/home"}
    item(sent).pop("locationCodeableConcept")
    home = {"resourceType": "Location", "id": "home", "status": "active", "name": "At home"}
    sent["entry"].append({"fullUrl": f"{BASE}/Location/home", "resource": home})
    made = in_part(exchange, sent, version)
    assert [one for one in unresolved(made) if "/Claim/" not in one] == []
    (one,), (added,) = response(made)["item"], response(made)["addItem"]
    assert (action(one), action(added), added["itemSequence"]) == ("A6", "A1", [1])
    assert (added["quantity"], added["productOrService"]) == (
        {"value": 10, "unit": "each"},
        item(asking("ask"))["productOrService"],
    )
    assert added["locationReference"] == {"reference": f"{BASE}/Location/home"}
    assert any("approved are 10 of 15" in text for text in notes(made))
    assert any("II.A.T.7" in text and REASON.why_not in text for text in notes(made))


def test_a_partner_that_wants_it_is_told_certified_in_part(store: Store) -> None:
    partners = {"clinic-ehr": {**PLAN["partners"]["clinic-ehr"], "part_as_a2": True}}
    with exchanging(store, {"partners": partners}) as exchange:
        for version, wanted in (("2.0", "A2"), ("2.2", "A1")):
            made = in_part(exchange, named(asking("ask", quantity=15), f"in-{version}"), version)
            assert (actions(made), action(response(made)["addItem"][0])) == ({1: "A6"}, wanted)


def test_a_code_of_a_reason_is_only_one_that_the_plan_lists(store: Store, tmp_path: object) -> None:
    del tmp_path
    with exchanging(store, KNOWN) as exchange:
        made = in_part(exchange, asking("ask", quantity=15))
    (review,) = response(made)["item"][0]["adjudication"][0]["extension"]
    codes = [
        one["valueCodeableConcept"]["coding"][0]["code"] for one in review["extension"] if one["url"] == "reasonCode"
    ]
    assert codes == ["0Y"]


# ---- the insurer


@pytest.mark.parametrize("stated", [True, False])
def test_the_insurer_says_all_that_the_plan_says_of_itself(store: Store, stated: bool) -> None:  # noqa: FBT001
    bundle = asking("ask")
    if not stated:
        claim(bundle).pop("insurer")
        bundle["entry"] = [one for one in bundle["entry"] if one["resource"].get("id") != "payer"]
        for one in bundle["entry"]:
            if one["resource"]["resourceType"] == "Coverage":
                known = {"system": "urn:priorauth:payer", "value": "masshealth"}
                one["resource"]["payor"] = [{"identifier": known}]
    with exchanging(store, KNOWN) as exchange:
        made = send(exchange, bundle)
    reference = response(made)["insurer"]["reference"]
    (found,) = [one["resource"] for one in made["entry"] if one["fullUrl"] == reference]
    systems = {one["system"]: one["value"] for one in found["identifier"]}
    assert systems["http://hl7.org/fhir/sid/us-npi"] == "1234567893"
    assert systems["http://terminology.hl7.org/NamingSystem/USEIN"] == "123456789"
    assert next(one for one in found["identifier"] if "type" in one)["value"] == "12345"
    assert found["name"] == ("masshealth" if stated else "A Plan")
    assert found["address"][0] == {
        "line": ["1 Main Street"], "city": "Boston", "state": "MA", "postalCode": "02110", "country": "US",
    }  # fmt: skip
    assert reference.endswith("/Organization/payer")
    assert (("clinic.example.org" in reference), found["active"]) == (stated, True)


# ---- errors


def test_an_error_has_its_place_and_a_code_only_where_the_plan_lists_one(store: Store) -> None:
    unknown = following(asking("ask", serial="first"), "second")
    with exchanging(store, KNOWN) as exchange:
        for version in VERSIONS:
            made = send(exchange, unknown, version)
            (one,) = response(made)["error"]
            assert one["code"]["coding"] == [{"system": "https://codesystem.x12.org/005010/901", "code": "33"}]
            assert value(one, "errorFollowupAction")["coding"][0]["code"] == "C"
            assert value(one, "errorPath") == "Bundle.entry[0].resource.related"
            assert "2000E-REF" in str(value(one, "errorElement"))
            assert response(made)["outcome"] == "error"
            assert response(made)["disposition"] == one["code"]["text"]


# ---- must support: what the guide's testers hunt for over all answers

IN_2_2: Final = """
addItem addItem.adjudication addItem.adjudication.extension:reviewAction addItem.extension:administrationReferenceNumber
addItem.extension:admissionDates addItem.extension:certificationType addItem.extension:dischargeDate
addItem.extension:epsdtIndicator addItem.extension:itemTraceNumber addItem.extension:nursingHomeLevelOfCare
addItem.extension:nursingHomeResidentialStatus addItem.extension:preAuthIssueDate addItem.extension:preAuthPeriod
addItem.extension:previousAuthorizationNumber addItem.extension:productOrServiceCodeEnd addItem.extension:requestType
addItem.extension:requestedService addItem.extension:revenue addItem.extension:revenueUnitRateLimit addItem.itemSequence
addItem.location[x] addItem.modifier addItem.productOrService addItem.provider
addItem.provider.extension:providerType addItem.quantity addItem.serviced[x] addItem.unitPrice adjudication
adjudication.extension:reviewAction communicationRequest created error error.code error.extension:errorElement
error.extension:errorPath error.extension:followupAction extension:authorizedProvider extension:claimResponseReviewer
extension:transmissionIdentifiers identifier identifier.extension:jurisdiction identifier.extension:subDepartment
identifier.system identifier.value insurer item item.adjudication item.adjudication.extension:reviewAction
item.extension:administrationReferenceNumber item.extension:admissionDates item.extension:authorizedItemDetail
item.extension:authorizedProvider item.extension:communicatedDiagnosis item.extension:dischargeDate
item.extension:itemTraceNumber item.extension:preAuthIssueDate item.extension:preAuthPeriod
item.extension:previousAuthorizationNumber item.extension:requestedServiceDate item.itemSequence item.noteNumber outcome
patient preAuthPeriod processNote processNote.number processNote.text request request.extension:DataAbsentReason
requestor status
"""
IN_2_0: Final = """
communicationRequest created error error.code error.extension:errorElement error.extension:errorPath
error.extension:followupAction identifier insurer item item.adjudication item.adjudication.extension:reviewAction
item.extension:administrationReferenceNumber item.extension:authorizedItemDetail item.extension:authorizedProvider
item.extension:communicatedDiagnosis item.extension:itemTraceNumber item.extension:preAuthIssueDate
item.extension:preAuthPeriod item.extension:previousAuthorizationNumber item.extension:requestedServiceDate
item.noteNumber outcome patient preAuthPeriod request requestor status
"""
COMMUNICATION: Final = """
category identifier medium payload payload.content[x] payload.extension:communicatedDiagnosis
payload.extension:contentModifier recipient requester sender
"""
TASK: Final = """
code for identifier input input.extension:contentModifier input.extension:serviceLineNumber input.type input.value[x]
intent owner owner.identifier reasonCode.coding.code reasonReference requester requester.identifier restriction.period
status statusReason
"""
INSURER: Final = """
active address address.city address.country address.line address.postalCode address.state identifier name telecom
telecom.system telecom.value type
"""
NAMES: Final = {
    "preAuthIssueDate": "itemPreAuthIssueDate", "preAuthPeriod": "itemPreAuthPeriod",
    "previousAuthorizationNumber": "authorizationNumber", "revenue": "revenueCode",
    "requestType": "serviceItemRequestType", "authorizedProvider": "itemAuthorizedProvider",
    "authorizedItemDetail": "itemAuthorizedDetail", "requestedServiceDate": "itemRequestedServiceDate",
    "followupAction": "errorFollowupAction", "transmissionIdentifiers": "TransmissionIdentifiers",
    "jurisdiction": "identifierJurisdiction", "subDepartment": "identifierSubDepartment",
    "providerType": "authorizedProviderType", "DataAbsentReason": "data-absent-reason",
}  # fmt: skip


def found_at(resource: Json, path: str) -> bool:
    """Whether an element of the guide's name is somewhere in a resource."""
    held: list[Any] = [resource]
    for step in path.split("."):
        held = list(_below(held, step))
    return bool(held)


def _below(held: list[Any], step: str) -> Iterator[Any]:
    name, _, slice_name = step.partition(":")
    for one in held:
        keys = [key for key in one if key.startswith(name.removesuffix("[x]"))] if name.endswith("[x]") else [name]
        for key in keys:
            parts = one.get(key, []) if isinstance(one, dict) else []
            for part in parts if isinstance(parts, list) else [parts]:
                wanted = NAMES.get(slice_name, slice_name)
                if not slice_name or part["url"].rpartition("/")[2].removeprefix("extension-") == wanted:
                    yield part


@pytest.fixture
def answers(store: Store) -> dict[Version, list[Json]]:
    """Return by version what a tester may get who sends requests that state everything."""
    made: dict[Version, list[Json]] = {}
    with exchanging(store, KNOWN) as exchange:
        for version in VERSIONS:
            full = [rich(asking(name, serial=f"{name}-{version}")) for name in ("ask", "approve")]
            cut = rich(asking("ask", quantity=15, serial=f"cut-{version}"))
            role = coded("https://codesystem.x12.org/005010/98", "SJ")
            for one in (*full, cut):
                claim(one)["careTeam"][0]["role"] = role
                whole = {"extension": [extended("careTeamClaimScope", "Boolean", value=True)], "sequence": 2}
                claim(one)["careTeam"].append({**whole, "provider": {"reference": "Practitioner/endocrinologist"}})
            bare = asking("ask", serial=f"bare-{version}")
            bare["entry"][0].pop("fullUrl")
            claim(bare).pop("identifier")
            unknown = following(asking("ask", serial="never"), "unknown")
            made[version] = [send(exchange, one, version) for one in (*full, bare, unknown)]
            made[version].append(in_part(exchange, cut, version))
    return made


@pytest.mark.shall(
    "PAS 2.2.1/conf-4", "PAS 2.2.1/conf-6", "PAS 2.2.1/conf-15", "PAS 2.0.1/212", "PAS 2.0.1/215", "PAS 2.0.1/37"
)
def test_whatever_the_guide_says_must_be_supported_can_be_seen_over_all_answers(
    answers: dict[Version, list[Json]],
) -> None:
    wanted: dict[Version, dict[str, str]] = {
        "2.2": {
            "ClaimResponse": IN_2_2, "CommunicationRequest": f"{COMMUNICATION} extension:serviceLineNumber",
            "Task": TASK, "Organization": INSURER,
        },
        "2.0": {
            "ClaimResponse": IN_2_0, "CommunicationRequest": f"{COMMUNICATION} payload.extension:serviceLineNumber",
            "Task": TASK.replace("input.extension:contentModifier input.extension:serviceLineNumber", ""),
            "Organization": INSURER,
        },
    }  # fmt: skip
    missing = {
        (version, kind, path)
        for version, kinds in wanted.items()
        for kind, paths in kinds.items()
        for path in paths.split()
        if not any(found_at(one, path) for made in answers[version] for one in of_kind(made, kind))
    }
    assert missing == set()
    assert len(IN_2_2.split()) == 72


def test_nothing_of_an_element_that_was_not_sent_is_made_up(exchange: Exchange) -> None:
    plain = in_part(exchange, asking("ask", quantity=15))
    added = response(plain)["addItem"][0]
    for name in ("epsdtIndicator", "revenueCode", "admissionDates", "authorizationNumber"):
        assert extension(added, name) is None
    assert {"unitPrice", "modifier"}.isdisjoint(added)
    assert list(literals(plain))


def test_an_answer_is_fhir_json(exchange: Exchange) -> None:
    assert exchange.post(SUBMIT, asking("ask")).headers["Content-Type"] == "application/fhir+json"
