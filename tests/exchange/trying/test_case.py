"""What is asked of a server, made of one case: a request that stands by the rules, calls of hooks, inquiries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from priorauth import determine
from priorauth.errors import InputRefused
from priorauth.exchange.trying import case
from priorauth.exchange.trying.session import HOOKS
from priorauth.exchange.trying.shapes import objects, references, resources, text, unresolved

RUN = "00000000-0000-4000-8000-000000000001"
MADE = case.read(None, RUN)


def test_the_case_that_is_shipped_stands_by_the_rules_of_requests() -> None:
    request = MADE.request()
    entries = objects(request, "entry")
    claim = entries[0]["resource"]
    assert (request["type"], claim["resourceType"], claim["use"]) == ("collection", "Claim", "preauthorization")
    assert unresolved(request) == []
    assert len({text(one, "fullUrl") for one in entries}) == len(entries)
    sequences = [one["sequence"] for one in claim["supportingInfo"]]
    assert sequences == sorted(set(sequences))
    pointed = {said for one in entries for said in references(one["resource"])}
    assert all(f"{one['resource']['resourceType']}/{one['resource']['id']}" in pointed for one in entries[1:])


def test_the_case_can_be_decided_and_leaves_something_to_be_asked() -> None:
    (found,) = determine(MADE.request())
    assert found.outcome == "request-information"


def test_each_run_is_a_request_of_its_own_and_the_same_run_the_same() -> None:
    other = case.read(None, "another").request()
    assert MADE.request() == MADE.request()
    assert MADE.request()["identifier"] != other["identifier"]
    assert MADE.request()["entry"][0]["resource"]["identifier"] != other["entry"][0]["resource"]["identifier"]


@pytest.mark.parametrize("hook", HOOKS)
def test_a_call_of_a_hook_has_its_context_and_what_is_prefetched(hook: str) -> None:
    wanted = {
        "patient": "Patient/{{context.patientId}}",
        "coverage": "Coverage?patient={{context.patientId}}&_include=Coverage:payor",
        "user": "{{context.userId}}",
        "none": "Device?patient={{context.patientId}}",
    }
    call = MADE.hook(hook, wanted, "one")
    assert call is not None
    assert (call["hook"], call["hookInstance"], call["context"]["patientId"]) == (hook, "one", "ask")
    fetched = call["prefetch"]
    assert [fetched[name]["resourceType"] for name in ("patient", "coverage", "user", "none")] == [
        "Patient", "Bundle", "Practitioner", "Bundle",
    ]  # fmt: skip
    assert [one["resourceType"] for one in resources(fetched["coverage"])] == ["Coverage", "Organization"]
    assert objects(fetched["coverage"], "entry", "resource", "payor", "identifier")
    assert resources(fetched["none"]) == []
    assert MADE.hook("another-hook", {}, "one") is None


def test_what_cancels_names_the_claim_before_it_which_is_in_it() -> None:
    prior = MADE.request()["entry"][0]["resource"]
    made = MADE.cancel("22222222", prior)
    claim = made["entry"][0]["resource"]
    assert claim["related"][0]["claim"]["identifier"] == prior["identifier"][0]
    assert prior in resources(made, "Claim")
    assert claim["id"] != prior["id"]
    assert unresolved(made) == []
    assert "3" in json.dumps(claim["extension"])


def test_an_inquiry_has_who_is_asked_about_and_nothing_of_the_chart() -> None:
    made = MADE.inquiry("one", member="nobody")
    kinds = {one["resourceType"] for one in resources(made)}
    assert kinds == {"Claim", "Patient", "Coverage", "Organization", "Practitioner"}
    assert "M-ask" not in json.dumps(made)
    assert "M-ask" in json.dumps(MADE.inquiry("one"))


def test_the_number_of_the_insurer_can_be_another() -> None:
    made = case.read(None, RUN, "urn:oid:1.2.3|99").request()
    payer = next(one for one in resources(made, "Organization") if one["id"] == "payer")
    assert payer["identifier"] == [{"system": "urn:oid:1.2.3", "value": "99"}]
    with pytest.raises(InputRefused, match=r"expected SYSTEM\|VALUE"):
        case.read(None, RUN, "99")


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (b"{", "expected JSON"),
        (b"[1]", "expected a request Bundle"),
        (b'{"entry": [{"resource": {"resourceType": "Patient"}}]}', "whose first entry is a Claim"),
        (b'{"entry": [{"resource": {"resourceType": "Claim"}}]}', "expected in the Bundle: Patient, Coverage"),
    ],
)
def test_a_case_that_is_none_is_refused(tmp_path: Path, said: bytes, fault: str) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(said)
    with pytest.raises(InputRefused, match=fault):
        case.read(file, RUN)


@pytest.mark.parametrize("name", ["approve", "review", "medicare", "conflict"])
def test_any_request_of_ones_own_may_be_the_case(name: str) -> None:
    made: Any = case.read(Path(f"examples/{name}.json"), RUN)
    assert made.order["resourceType"] == "DeviceRequest"
    assert unresolved(made.request()) == []
