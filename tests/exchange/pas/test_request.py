"""A request is refused for its shape with the place of every fault, and for nothing that FHIR lets it leave out."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from priorauth.exchange.pas import request as asks
from priorauth.exchange.pas.request import Malformed
from priorauth.exchange.plan import Plan
from priorauth.exchange.wire import Fault
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from tests.exchange.house import Exchange
from tests.exchange.pas.sending import SUBMIT, asking, claim, extended, following, item, refused, response, send
from tests.ledger.house import TENANT

Json = dict[str, Any]
FIRST = "Bundle.entry[0].resource"


def broken(change: Callable[[Json], object]) -> Json:
    made = asking()
    change(made)
    return made


def read(bundle: Json) -> asks.Asked:
    raw = json.dumps(bundle).encode()
    return asks.read(bundle, raw, Plan(), "2.2")


FAULTS: dict[str, tuple[Callable[[Json], object], str, str]] = {
    "no collection": (lambda one: one.update(type="batch"), "value", "Bundle.type"),
    "no entries": (lambda one: one.update(entry=[]), "required", "Bundle.entry"),
    "entries left out": (lambda one: one.pop("entry"), "required", "Bundle.entry"),
    "an entry of nothing": (lambda one: one["entry"][2].pop("resource"), "required", "Bundle.entry[2].resource"),
    "a resource of no type": (
        lambda one: one["entry"][2]["resource"].pop("resourceType"), "required",
        "Bundle.entry[2].resource.resourceType",
    ),
    "the claim not first": (lambda one: one["entry"].reverse(), "structure", FIRST),
    "a resource twice": (
        lambda one: one["entry"].append(copy.deepcopy(one["entry"][1])), "duplicate", "Bundle.entry[{last}].fullUrl",
    ),
    "another use": (lambda one: claim(one).update(use="claim"), "value", f"{FIRST}.use"),
    "a draft": (lambda one: claim(one).update(status="draft"), "value", f"{FIRST}.status"),
    "no date": (lambda one: claim(one).pop("created"), "required", f"{FIRST}.created"),
    "no patient": (lambda one: claim(one).pop("patient"), "required", f"{FIRST}.patient"),
    "an insurer in words": (lambda one: claim(one).update(insurer="the plan"), "structure", f"{FIRST}.insurer"),
    "no coverage": (lambda one: claim(one).pop("insurance"), "required", f"{FIRST}.insurance"),
    "no item": (lambda one: claim(one).update(item=[]), "required", f"{FIRST}.item"),
    "an item of nothing": (
        lambda one: item(one).pop("productOrService"), "required", f"{FIRST}.item[0].productOrService",
    ),
    "a sequence twice": (
        lambda one: claim(one)["item"].append(item(one)), "duplicate", f"{FIRST}.item[1].sequence",
    ),
    "no sequence": (lambda one: item(one).update(sequence=0), "value", f"{FIRST}.item[0].sequence"),
    "supporting information of one sequence": (
        lambda one: claim(one).update(supportingInfo=[{"sequence": 1}, {"sequence": 1}]),
        "duplicate", f"{FIRST}.supportingInfo[1].sequence",
    ),
    "two requests": (
        lambda one: one["entry"].append({"fullUrl": "https://clinic.example.org/fhir/Claim/other",
                                         "resource": {**claim(one), "id": "other"}}),
        "business-rule", "Bundle.entry[{last}].resource",
    ),
}  # fmt: skip


@pytest.mark.shall(
    "PAS 2.2.1/spec-11", "PAS 2.2.1/spec-12", "PAS 2.2.1/spec-14", "PAS 2.2.1/spec-22", "PAS 2.2.1/spec-35",
    "PAS 2.2.1/spec-39", "PAS 2.0.1/104", "PAS 2.0.1/105", "PAS 2.0.1/112", "PAS 2.0.1/113",
)  # fmt: skip
@pytest.mark.parametrize("name", FAULTS)
def test_a_shape_that_cannot_be_worked_with_is_refused_with_its_place(exchange: Exchange, name: str) -> None:
    change, code, at = FAULTS[name]
    made = broken(change)
    for version in ("2.0", "2.2"):
        found = exchange.post(SUBMIT, made, version)
        assert found.status_code == 400
        assert (code, [at.format(last=len(made.get("entry", [])) - 1)]) in refused(found)
    assert traffic.found(exchange.store, TENANT, t.cases) == []


def test_every_fault_is_told_at_once() -> None:
    made = broken(lambda one: claim(one).update(use="claim", status="draft"))
    with pytest.raises(Malformed) as caught:
        read(made)
    assert [one["expression"] for one in caught.value.outcome()["issue"]] == [[f"{FIRST}.use"], [f"{FIRST}.status"]]


def test_more_entries_than_the_plan_takes_are_refused() -> None:
    made = asking()
    with pytest.raises(Fault, match="expected at most 3 entries") as caught:
        asks.read(made, b"", Plan(most_entries=3), "2.2")
    assert caught.value.status == 413


def test_what_the_reader_of_records_refuses_is_refused_with_its_place(exchange: Exchange) -> None:
    made = broken(lambda one: claim(one).update(created="2026"))
    found = exchange.post(SUBMIT, made)
    assert (found.status_code, refused(found)) == (400, [("invalid", ["Claim/request-ask: created"])])


LEFT_OUT: dict[str, tuple[Callable[[Json], object], str]] = {
    "the Bundle's identifier": (lambda one: one.pop("identifier"), "Bundle.identifier is missing"),
    "the Bundle's time": (lambda one: one.pop("timestamp", None), "Bundle.timestamp is missing"),
    "the claim's identifier": (lambda one: claim(one).pop("identifier"), "Claim.identifier is missing"),
    "who asks": (lambda one: claim(one).pop("provider"), "Claim.provider is missing"),
    "the insurer": (lambda one: claim(one).pop("insurer"), "Claim.insurer is missing"),
    "the kind of request": (
        lambda one: item(one).pop("extension"), "Item 1: requestType and certificationType is missing",
    ),
    "a resource that is referred to": (
        lambda one: claim(one).update(facility={"reference": "Location/nowhere"}),
        "References that are not in the Bundle: Location/nowhere",
    ),
}  # fmt: skip


@pytest.mark.shall(
    "PAS 2.2.1/conf-11", "PAS 2.2.1/conf-12", "PAS 2.2.1/conf-14", "PAS 2.2.1/spec-13", "PAS 2.2.1/spec-18"
)
@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_may_be_left_out_is_noted_and_worked_with(exchange: Exchange, name: str) -> None:
    change, note = LEFT_OUT[name]
    for version in ("2.0", "2.2"):
        made = send(exchange, broken(change), version)
        assert [one["itemSequence"] for one in response(made)["item"]] == [1]
        assert note in [one["text"] for one in response(made)["processNote"]]


def test_a_request_that_lacks_nothing_has_no_note() -> None:
    assert read(asking()).notes == ()


@pytest.mark.shall("PAS 2.2.1/spec-25", "PAS 2.0.1/89")
def test_unknown_elements_are_ignored_and_an_unknown_modifier_is_refused(exchange: Exchange) -> None:
    plain = broken(lambda one: claim(one).update(unheard={"of": 1}))
    assert response(send(exchange, plain))["item"]
    modified = broken(lambda one: claim(one).update(modifierExtension=[{"url": "urn:unknown", "valueBoolean": True}]))
    found = exchange.post(SUBMIT, modified)
    assert found.status_code == 400
    assert refused(found)[0][0] == "invalid"


def test_what_a_request_says_of_itself_is_read() -> None:
    first = asking("ask", items=2, serial="first")
    item(first)["extension"].append(extended("authorizationNumber", "String", "26-0001-1"))
    found = read(following(first, "second", 1, cancelled=(2,)))
    assert [(one.sequence, one.changed, one.cancelled) for one in found.lines] == [(1, True, False), (2, True, True)]
    assert (found.cancels, found.names) == (False, ("urn:example:request|second",))
    assert found.envelope == "urn:example:bundle|second"
    assert found.numbers == ("26-0001-1",)
    assert found.prior is not None
    assert found.prior.resource["id"] == "first"
    assert set(found.members) >= {"urn:example:member|M-ask", "|M-ask"}


@pytest.mark.parametrize("whole", [True, False])
def test_a_request_is_taken_back_as_a_whole_or_item_by_item(whole: bool) -> None:  # noqa: FBT001 - a case of the test
    first = asking("ask", items=2, serial="first")
    cancelled = () if whole else (1, 2)
    assert read(following(first, "second", whole=whole, cancelled=cancelled)).cancels


def test_supporting_information_that_changed_changes_the_items_that_rest_on_it() -> None:
    made = asking("ask", items=2)
    claim(made)["supportingInfo"] = [{"sequence": 7, "extension": [extended("infoChanged", "Code", "changed")]}]
    item(made, 2)["informationSequence"] = [7]
    assert [one.changed for one in read(made).lines] == [False, True]


def test_a_bundle_in_parameters_is_the_bundle(exchange: Exchange) -> None:
    bare = send(exchange, asking())
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": asking("ask")}]}
    made = send(exchange, wrapped)
    assert response(made)["item"][0]["adjudication"] == response(bare)["item"][0]["adjudication"]
