"""``$inquire``: who sent a request, or is its provider and knows the member, sees how it stands; nobody else does."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import Any

import pytest

from priorauth.exchange.pas.codes import coded
from priorauth.ledger.acts import decisions, intake, queues
from priorauth.ledger.store import Store
from tests.exchange.house import Exchange, both, exchanging
from tests.exchange.pas.inquiries import PAS, actions, in_team, inquiry, request, responses
from tests.exchange.pas.sending import asking, claim, extended, rich, send
from tests.exchange.pas.test_respond import IN_2_0, IN_2_2, KNOWN, found_at, in_part
from tests.ledger.house import COORDINATOR, DIRECTOR, LICENCE, NOW, NURSE, REASON, done

Json = dict[str, Any]
VERSIONS = ("2.0", "2.2")
STRANGER: Json = {"organisation": "third", "npis": ["1999999992"]}
"""A partner that sent nothing, for whose organisation the orderer of the examples works."""
PARTNERS: Json = {
    "clinic-ehr": {"organisation": "clinic", "npis": ["1555555557"]},
    "other-ehr": {"organisation": "other-clinic", "npis": ["1888888883"]},
    "orderer": STRANGER,
}


def submitted(at: Exchange, body: Json, version: str = "2.2", client: str = "clinic-ehr") -> Json:
    found = at.post("/fhir/Claim/$submit", body, version, client)
    assert found.status_code == 200, found.text
    made: Json = found.json()
    return made


def asked(at: Exchange, body: Json, version: str = "2.2", client: str = "clinic-ehr") -> Json:
    found = at.post("/fhir/Claim/$inquire", body, version, client)
    assert found.status_code == 200, found.text
    made: Json = found.json()
    return made


def number(told: Json) -> str:
    return str(responses(told)[0]["preAuthRef"])


@pytest.mark.shall("PAS 2.0.1/208", "PAS 2.0.1/130", "PAS 2.0.1/124", "PAS 2.0.1/7")
@pytest.mark.parametrize("version", VERSIONS)
def test_by_the_number_of_its_authorization_a_request_is_shown_as_it_was_answered(store: Store, version: str) -> None:
    with exchanging(store, {"partners": PARTNERS}) as at:
        told = submitted(at, request(), version)
        found = asked(at, inquiry(number=number(told)), version)
        assert actions(found) == [["A1"]]
        its, answered = responses(found)[0], responses(told)[0]
        assert its["meta"]["profile"] == [f"{PAS}/profile-claiminquiryresponse"]
        assert {**its, "meta": None} == {**answered, "meta": None}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_has_its_form_of_an_answer(exchange: Exchange, version: str) -> None:
    told = submitted(exchange, request(), version)
    found = asked(exchange, inquiry(number=number(told)), version)
    if version == "2.0":
        assert (found["resourceType"], found["type"]) == ("Bundle", "collection")
        bundle = found
    else:
        assert [one["name"] for one in found["parameter"]] == ["return"]
        bundle = found["parameter"][0]["resource"]
    assert bundle["meta"]["profile"] == [f"{PAS}/profile-pas-inquiry-response-bundle"]
    assert bundle["timestamp"]


def test_a_partner_may_have_the_bundles_under_the_name_of_the_guides_example(store: Store) -> None:
    plan = {"partners": {"clinic-ehr": {"organisation": "clinic", "inquire_parameter": "responseBundle"}}}
    with exchanging(store, plan) as at:
        told = submitted(at, request())
        assert [one["name"] for one in asked(at, inquiry(number=number(told)))["parameter"]] == ["responseBundle"]


@pytest.mark.parametrize("name", ["approve", "review", "ask"])
def test_whichever_number_it_is_asked_by_it_is_the_same_answer(exchange: Exchange, name: str) -> None:
    told = submitted(exchange, request(name))
    item = responses(told)[0]["item"][0]
    said = {one["url"].rpartition("extension-")[2]: one for one in item["extension"]}
    administration = said["administrationReferenceNumber"]["valueString"]
    trace = next(one["valueIdentifier"] for one in item["extension"] if "valueIdentifier" in one)
    stated = {"url": f"{PAS}/extension-administrationReferenceNumber", "valueString": administration}
    bodies = {
        "authorization": inquiry(name, administration),
        "administration": inquiry(name, item=[{"sequence": 1, "extension": [stated], "productOrService": {}}]),
        "claim's administration": inquiry(name, extension=[stated]),
        "trace": inquiry(
            name,
            item=[
                {"sequence": 1, "extension": [{"url": f"{PAS}/extension-itemTraceNumber", "valueIdentifier": trace}]}
            ],
        ),
        "identifier": inquiry(name, identifier=request(name)["entry"][0]["resource"]["identifier"]),
        "member": inquiry(name),
    }
    for kind, body in bodies.items():
        found = asked(exchange, body)
        assert [one["id"] for one in responses(found)] == [responses(told)[0]["id"]], kind
        assert actions(found) == actions(told)


@pytest.mark.shall("PAS 2.0.1/139", "PAS 2.2.1/spec-53", "PAS 2.0.1/138", "PAS 2.2.1/spec-52", "PAS 2.0.1/198")
@both
@pytest.mark.parametrize("version", VERSIONS)
def test_who_orders_and_knows_the_member_sees_it_and_a_stranger_sees_that_there_is_nothing(
    store: Store, version: str
) -> None:
    with exchanging(store, {"partners": PARTNERS}) as at:
        told = submitted(at, request(), version)
        named = number(told)
        nothing = asked(at, inquiry(number="26-9999-1"), version, "other-ehr")
        orderer = in_team(inquiry(number=named), "1999999992")
        assert actions(asked(at, orderer, version, "orderer")) == [["A1"]]
        without_npi = inquiry(number=named)
        not_hers = in_team(inquiry(number=named), "1888888883")
        another = json.loads(json.dumps(orderer).replace("M-approve", "M-another"))
        nobodys = copy.deepcopy(orderer)
        nobodys["entry"] = [
            one for one in nobodys["entry"] if one["resource"]["resourceType"] not in ("Coverage", "Patient")
        ]
        for client, body in (
            ("orderer", nobodys), ("other-ehr", without_npi), ("other-ehr", orderer), ("other-ehr", not_hers),
            ("orderer", without_npi), ("orderer", not_hers), ("orderer", another), ("open", without_npi),
        ):  # fmt: skip
            found = asked(at, body, version, client)
            assert [one for one in responses(found) if one.get("item")] == [], client
            assert named not in json.dumps(found)
            if client == "other-ehr" and body is without_npi:
                assert _shape(found) == _shape(nothing)


def _shape(told: Json) -> Any:
    """What an answer says, without what it echoes of the inquiry and when it was made."""
    return [{key: value for key, value in one.items() if key in ("outcome", "error", "disposition", "item")}
            for one in responses(told)]  # fmt: skip


def test_in_2_2_nothing_is_no_bundle_and_in_2_0_1_a_response_that_says_so(exchange: Exchange) -> None:
    assert asked(exchange, inquiry(number="26-9999-1")) == {"resourceType": "Parameters"}
    (found,) = responses(asked(exchange, inquiry(number="26-9999-1"), "2.0"))
    assert (found["outcome"], "item" in found) == ("error", False)


def test_an_inquiry_that_names_neither_number_nor_member_is_told_so(exchange: Exchange) -> None:
    body = inquiry(identifier=[])
    body["entry"] = [one for one in body["entry"] if one["resource"]["resourceType"] not in ("Coverage", "Patient")]
    for version in VERSIONS:
        (found,) = responses(asked(exchange, body, version))
        assert "expected a number of the request, or the id of the member" in json.dumps(found["error"])


@pytest.mark.shall(
    "PAS 2.0.1/131", "PAS 2.0.1/133", "PAS 2.2.1/spec-46", "PAS 2.2.1/spec-47", "PAS 2.0.1/182", "PAS 2.2.1/spec-48"
)
@pytest.mark.parametrize("version", VERSIONS)
def test_an_old_number_leads_to_how_the_request_stands_now_with_all_its_items(store: Store, version: str) -> None:
    with exchanging(store, {"partners": PARTNERS, "updates_of_decided": True}) as at:
        body = request()
        item = body["entry"][0]["resource"]["item"][0]
        body["entry"][0]["resource"]["item"] = [item, {**item, "sequence": 2}]
        case = responses(submitted(at, body, version))[0]["id"]
        done(store, decisions.Approve(case=case, why="both are needed"), DIRECTOR)
        old = f"{case}-1"
        assert actions(asked(at, inquiry(number=old), version)) == [["A1", "A1"]]
        update = json.loads(json.dumps(body))
        claim = update["entry"][0]["resource"]
        claim.update(id="update", related=[{"claim": {"identifier": claim["identifier"][0]}}])
        cancelled = {"url": f"{PAS}/modifierextension-infoCancelled", "valueBoolean": True}
        claim["item"][1]["modifierExtension"] = [cancelled]
        update["entry"][0]["fullUrl"] = "https://clinic.example.org/fhir/Claim/update"
        assert actions(submitted(at, update, version)) == [["A1", "C"]]
        for one in (old, f"{case}-2"):
            assert actions(asked(at, inquiry(number=one), version)) == [["A1", "C"]]


def test_what_a_clinician_decided_since_is_shown(store: Store) -> None:
    with exchanging(store, {"partners": PARTNERS}) as at:
        case = responses(submitted(at, request("review")))[0]["id"]
        done(store, queues.RouteToDirector(case=case), NURSE)
        done(store, decisions.DecideAdversely(case=case, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
        assert actions(asked(at, inquiry("review"))) == [["A3"]]


@pytest.mark.shall("PAS 2.2.1/spec-73", "PAS 2.0.1/183")
def test_years_later_it_can_still_be_asked_for(store: Store) -> None:
    with exchanging(store, {"partners": PARTNERS}) as at:
        told = submitted(at, request("review"))
        at.running.clock.now += timedelta(days=1000)
        assert actions(asked(at, inquiry("review"))) == actions(told)


@pytest.mark.shall("PAS 2.0.1/132", "PAS 2.0.1/124", "PAS 2.2.1/spec-43", "PAS 2.0.1/180", "PAS 2.2.1/spec-46")
@pytest.mark.parametrize("version", VERSIONS)
def test_by_member_the_product_and_the_day_narrow_what_is_shown(exchange: Exchange, version: str) -> None:
    body = request("ask")
    item = {**body["entry"][0]["resource"]["item"][0], "servicedDate": "2026-12-01"}
    other = json.loads(json.dumps(item).replace("E0784", "A4224"))
    body["entry"][0]["resource"]["item"] = [item, {**other, "sequence": 2, "servicedDate": "2027-02-01"}]
    submitted(exchange, body, version)
    every = [1, 2]

    def seen(**more: Any) -> list[int]:
        line = {"sequence": 1, "productOrService": item["productOrService"], **more}
        shown = responses(asked(exchange, inquiry("ask", item=[line]), version))
        found = [each["itemSequence"] for one in shown for each in one.get("item", [])]
        for one in shown:
            is_part = 0 < len(found) < len(every)
            assert [tag["code"] for tag in one["meta"].get("tag", [])] == (["SUBSETTED"] if is_part else [])
        return found

    def told(*of: int) -> list[int]:
        """In 2.0.1 the part that is asked for, in 2.2 the whole."""
        return list(of) if version == "2.0" else every

    assert seen() == told(1)
    assert seen(productOrService=other["productOrService"]) == told(2)
    assert seen(servicedDate="2027-02-01") == []
    assert seen(servicedPeriod={"start": "2026-11-01"}) == told(1)
    assert seen(servicedPeriod={"end": "2026-11-01"}) == []
    anything = {"coding": [{"code": "not-applicable"}]}
    assert seen(productOrService=anything) == every
    assert seen(productOrService=anything, servicedPeriod={"start": "2027-01-01"}) == told(2)


@pytest.mark.parametrize("version", VERSIONS)
def test_several_requests_of_a_member_are_all_shown_the_newest_first(exchange: Exchange, version: str) -> None:
    cases = []
    for place in range(3):
        body = request(identifier=[{"system": "urn:example:request", "value": f"r-{place}"}])
        cases.append(responses(submitted(exchange, body, version))[0]["id"])
        exchange.running.clock.now += timedelta(hours=1)
    found = asked(exchange, inquiry(), version)
    assert [one["id"] for one in responses(found)] == cases[::-1]
    if version == "2.0":
        urls = [one["fullUrl"] for one in found["entry"]]
        assert len(urls) == len(set(urls))
        assert [one["resource"]["resourceType"] for one in found["entry"]][:4] == ["ClaimResponse"] * 3 + [
            found["entry"][3]["resource"]["resourceType"]
        ]
    else:
        assert len(found["parameter"]) == 3


def test_a_number_of_one_member_with_the_id_of_another_finds_the_others_requests_alone(exchange: Exchange) -> None:
    first = submitted(exchange, request())
    second = submitted(exchange, request("review"))
    found = asked(exchange, inquiry("review", number(first)))
    assert [one["id"] for one in responses(found)] == [responses(second)[0]["id"]]


@pytest.mark.shall("PAS 2.2.1/spec-44")
def test_of_a_request_that_came_by_fax_the_claim_is_absent_with_a_reason(store: Store) -> None:
    with exchanging(store, {"partners": PARTNERS}) as at:
        body = json.dumps(request()).encode()
        case = done(store, intake.Receive(bundle=body, channel="fax"), COORDINATOR).case
        (found,) = responses(asked(at, inquiry(number=f"{case}-1")))
        assert found["request"]["extension"][0]["url"].endswith("data-absent-reason")
        (sent,) = responses(asked(at, inquiry(number=number(submitted(at, request())))))
        assert sent["request"]["reference"] or sent["request"]["identifier"]


@pytest.mark.shall("PAS 2.2.1/spec-44", "PAS 2.0.1/101")
def test_every_reference_of_an_answer_is_found_in_it_once_save_the_request(exchange: Exchange) -> None:
    for name in ("approve", "review", "ask"):
        submitted(exchange, request(name), "2.0")
        bundle = asked(exchange, inquiry(name), "2.0")
        urls = [one["fullUrl"] for one in bundle["entry"]]
        first = bundle["entry"][0]["resource"]
        for key in ("patient", "insurer", "requestor"):
            reference = first[key]["reference"]
            assert sum(one == reference or one.endswith(f"/{reference}") for one in urls) == 1, key


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("change", "place"),
    [({"entry": []}, "Bundle.entry"), ({"type": "batch"}, "Bundle.type"), ({"entry": [{}]}, "Bundle.entry[0].resource"),
     ({"entry": "x"}, "Bundle.entry"), ({"resourceType": "Claim"}, "resourceType")],
)  # fmt: skip
def test_what_is_no_inquiry_is_refused_with_its_place(
    exchange: Exchange, version: str, change: Json, place: str
) -> None:
    found = exchange.post("/fhir/Claim/$inquire", {**inquiry(), **change}, version)
    assert found.status_code == 400
    assert found.json()["resourceType"] == "OperationOutcome"
    assert found.json()["issue"][0]["expression"] == [place]


@pytest.mark.shall("PAS 2.0.1/36", "PAS 2.2.1/conf-4", "PAS 2.2.1/conf-14")
def test_whatever_optional_element_is_left_out_an_inquiry_is_answered(exchange: Exchange) -> None:
    told = submitted(exchange, request())
    body = in_team(inquiry(number=number(told), billablePeriod={"start": "2026-01-01"}), "1999999992")
    for key in list(body["entry"][0]["resource"]):
        if key in ("resourceType", "use", "patient"):
            continue
        less = json.loads(json.dumps(body))
        del less["entry"][0]["resource"][key]
        assert exchange.post("/fhir/Claim/$inquire", less).status_code == 200, key
    for place in range(1, len(body["entry"])):
        less = {**body, "entry": [one for at, one in enumerate(body["entry"]) if at != place]}
        assert exchange.post("/fhir/Claim/$inquire", less).status_code == 200, place


@pytest.mark.shall("PAS 2.0.1/155")
def test_it_may_be_asked_again_and_again(exchange: Exchange) -> None:
    body = inquiry("ask")
    submitted(exchange, request("ask"))
    assert len({json.dumps(asked(exchange, body)) for _ in range(30)}) == 1


def test_wrapped_in_parameters_it_is_the_same(exchange: Exchange) -> None:
    body = inquiry(number=number(submitted(exchange, request())))
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": body}]}
    assert asked(exchange, wrapped) == asked(exchange, body)
    assert NOW.year == 2026


@pytest.mark.shall("PAS 2.0.1/38", "PAS 2.2.1/conf-6", "PAS 2.0.1/36", "PAS 2.2.1/conf-4")
def test_whatever_the_guide_says_must_be_supported_can_be_seen_over_all_answers(store: Store) -> None:
    rejects = {"nothing-asked": "33", "not-found": "33"}
    codes = {**KNOWN["codes"], "reject": rejects, "follow_up": dict.fromkeys(rejects, "C")}
    with exchanging(store, {**KNOWN, "codes": codes}) as at:
        for version, wanted in (("2.0", IN_2_0), ("2.2", IN_2_2)):
            full = [rich(asking(name, serial=f"{name}-{version}")) for name in ("ask", "approve")]
            cut = rich(asking("ask", quantity=15, serial=f"cut-{version}"))
            for one in (*full, cut):
                whole = {"extension": [extended("careTeamClaimScope", "Boolean", value=True)], "sequence": 2}
                role = coded("https://codesystem.x12.org/005010/98", "SJ")
                claim(one)["careTeam"][0]["role"] = role
                claim(one)["careTeam"].append({**whole, "provider": {"reference": "Practitioner/endocrinologist"}})
                send(at, one, version)
            in_part(at, cut, version)
            bare = asking("ask", serial=f"bare-{version}")
            bare["entry"][0].pop("fullUrl")
            claim(bare).pop("identifier")
            send(at, bare, version)
            nothing = inquiry(identifier=[])
            nothing["entry"] = [one for one in nothing["entry"] if one["resource"]["resourceType"] == "Claim"]
            bodies = (inquiry("ask"), inquiry("approve"), nothing)
            seen = [one for body in bodies for one in responses(asked(at, body, version))]
            assert {path for path in wanted.split() if not any(found_at(one, path) for one in seen)} == set(), version
