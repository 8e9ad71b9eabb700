"""``Claim/$submit``: the same bytes are the same ask, whoever else asks; what is answered is what the ledger holds."""

from __future__ import annotations

import copy
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from priorauth.exchange.plan import Plan
from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.store import Store
from tests.exchange.house import Exchange, both, exchanging
from tests.exchange.pas.sending import (
    SUBMIT,
    actions,
    asking,
    case_of,
    claim,
    item,
    notes,
    of_kind,
    refused,
    response,
    reviewed,
    rich,
    send,
)
from tests.ledger.house import DIRECTOR, LICENCE, NOW, NURSE, REASON, TENANT, done
from tests.ledger.standing import rows

Json = dict[str, Any]
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"


@both
@pytest.mark.shall(
    "PAS 2.2.1/spec-30",
    "PAS 2.2.1/spec-39",
    "PAS 2.0.1/100",
    "PAS 2.0.1/107",
    "PAS 2.0.1/111",
    "PAS 2.0.1/136",
    "PAS 2.0.1/207",
    "PAS 2.2.1/spec-1",
    "PAS 2.0.1/44",
    "PAS 2.0.1/48",
    "PAS 2.0.1/46",
)
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_request_becomes_a_case_and_is_answered_as_it_stands(exchange: Exchange, version: str) -> None:
    found = exchange.post(SUBMIT, asking("approve"), version)
    assert (found.status_code, found.headers["Content-Type"]) == (200, "application/fhir+json")
    made = found.json()
    number = case_of(made)
    (row,) = rows(exchange.store, t.approval, case_no=number)
    assert actions(made) == {1: "A1"}
    assert response(made)["preAuthRef"] == row["number"]
    (head,) = traffic.found(exchange.store, TENANT, t.cases)
    assert (head["about"]["client"], head["organisation"]) == ("clinic-ehr", "clinic")


@pytest.mark.shall("PAS 2.0.1/136", "PAS 2.0.1/98", "PAS 2.0.1/66")
def test_what_is_asked_of_the_clinic_is_pended(exchange: Exchange) -> None:
    made = [send(exchange, asking("ask", serial=one), one) for one in ("2.0", "2.2")]
    assert [response(one)["outcome"] for one in made] == ["queued", "complete"]
    assert [actions(one) for one in made] == [{1: "A4"}] * 2
    clocks = rows(exchange.store, t.clock, case_no=case_of(made[0]))
    assert [one["status"] for one in clocks if one["started_at"]]


@pytest.mark.shall("PAS 2.2.1/spec-26", "PAS 2.0.1/2", "PAS 2.0.1/93")
def test_the_bundle_is_kept_whole_as_it_came(exchange: Exchange) -> None:
    sent = json.dumps(rich(asking("ask")), indent=2).encode()
    found = exchange.post(SUBMIT, sent)
    assert found.status_code == 200
    (row,) = rows(exchange.store, t.submission)
    with exchange.store.reading(TENANT) as connection:
        kept = connection.execute(select(t.blob.c.bytes).where(t.blob.c.sha256 == row["sha256"])).scalar_one()
    assert kept == sent


@pytest.mark.shall("PAS 2.2.1/conf-1", "PAS 2.2.1/conf-3", "PAS 2.2.1/spec-6", "PAS 2.0.1/72")
def test_every_version_has_one_address_which_takes_requests_under_every_coverage(exchange: Exchange) -> None:
    for version in ("2.0", "2.2"):
        for name in ("approve", "medicare", "replacement"):
            assert actions(send(exchange, asking(name), version)) == {1: "A1"}
    assert exchange.post(SUBMIT, asking("approve"), "2.1").status_code == 404


@both
def test_the_same_bytes_are_the_same_case_and_are_answered_with_the_same_bytes(exchange: Exchange) -> None:
    first = exchange.post(SUBMIT, asking("ask"))
    exchange.running.clock.now += timedelta(days=1)
    assert exchange.post(SUBMIT, asking("ask")).content == first.content
    assert len(traffic.found(exchange.store, TENANT, t.cases)) == 1


def test_another_client_another_version_or_other_bytes_are_another_ask(exchange: Exchange) -> None:
    numbers = {
        case_of(send(exchange, asking("ask"))),
        case_of(send(exchange, asking("ask"), "2.0")),
        case_of(send(exchange, asking("ask"), client="other-ehr")),
        case_of(json.loads(exchange.post(SUBMIT, json.dumps(asking("ask"), indent=1).encode()).content)),
    }
    assert len(numbers) == 4


@both
def test_asks_that_come_at_once_are_one_case(exchange: Exchange) -> None:
    send(exchange, asking("ask", items=2))  # an older one of the same name
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: exchange.post(SUBMIT, asking("ask")), range(6)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    assert len(traffic.found(exchange.store, TENANT, t.cases)) == 2
    assert len(traffic.found(exchange.store, TENANT, t.ask)) == 2


def test_a_key_that_is_sent_makes_an_ask_one_case_and_is_refused_for_another(exchange: Exchange) -> None:
    keyed = {"Idempotency-Key": "k-1"}
    first = send(exchange, asking("ask"), headers=keyed)
    assert case_of(send(exchange, asking("ask"), headers=keyed)) == case_of(first)
    found = exchange.post(SUBMIT, asking("approve"), headers=keyed)
    assert (found.status_code, refused(found)[0][0]) == (409, "conflict")


@pytest.mark.shall("PAS 2.2.1/spec-47", "PAS 2.0.1/133")
def test_the_same_request_again_is_answered_with_what_has_come_of_it(exchange: Exchange) -> None:
    number = case_of(send(exchange, asking("ask")))
    done(exchange.store, RouteToDirector(case=number), NURSE, NOW + timedelta(hours=1))
    signed = DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,))
    done(exchange.store, signed, DIRECTOR, NOW + timedelta(hours=2))
    exchange.running.clock.now += timedelta(hours=3)
    made = send(exchange, asking("ask"))
    assert (case_of(made), actions(made), reviewed(made)) == (number, {1: "A3"}, True)
    assert made["timestamp"] == "2026-11-24T16:00:00Z"
    assert any(REASON.why_not in text for text in notes(made))


@pytest.mark.shall("PAS 2.2.1/spec-17")
def test_an_identifier_that_was_used_before_is_no_key_and_is_noted(exchange: Exchange) -> None:
    first = send(exchange, asking("ask"))
    changed = asking("ask")
    item(changed)["quantity"] = {"value": 2}
    second = send(exchange, changed)
    assert case_of(second) != case_of(first)
    assert f"used before, for case {case_of(first)}" in notes(second)[0]
    assert not any("used before" in one for one in notes(send(exchange, changed, client="other-ehr")))


def test_by_which_numbers_a_case_is_known_is_kept(exchange: Exchange) -> None:
    made = send(exchange, rich(asking("approve")))
    number = case_of(made)
    found = traffic.found(exchange.store, TENANT, t.traced, case_no=number)
    kept = {(row["kind"], row["item"]): row["value"] for row in found if row["kind"] not in ("member", "trace")}
    assert kept == {
        ("case", 0): number,
        ("claim", 0): "urn:example:request|request-approve",
        ("url", 0): "https://clinic.example.org/fhir/Claim/request-approve",
        ("bundle", 0): "urn:example:bundle|approve",
        ("administration", 1): f"{number}-1",
        ("authorization", 1): f"{number}-1",
    }
    assert {row["value"] for row in found if row["kind"] == "trace"} > {"urn:example:trace|T-1"}
    assert "urn:example:member|M-approve" in {row["value"] for row in found if row["kind"] == "member"}
    assert [row["case_no"] for row in traffic.cases_of(exchange.store, TENANT, f"{number}-1")] == [number, number]


@pytest.mark.shall("PAS 2.2.1/ainfo-3")
def test_the_id_of_an_item_that_is_asked_about_is_the_one_by_which_its_form_is_asked_for(exchange: Exchange) -> None:
    made = send(exchange, rich(asking("ask")))
    (row,) = traffic.found(exchange.store, TENANT, t.context)
    assert row["ends_at"] - row["made_at"] == timedelta(days=Plan().context_days)
    form = of_kind(made, "CommunicationRequest")[0]
    assert form["payload"][0]["contentString"] == "102089-0"
    assert form["identifier"][0]["value"] == row["context"]
    assert (row["policy"], row["product"], row["client"]) == ("masshealth/insulin-pumps", "E0784", "clinic-ehr")
    assert row["data"] | {"pathway": None} == {
        "hook": "pas", "case": case_of(made), "item": 1, "order": "DeviceRequest/order", "patient": "Patient/ask",
        "coverage": "Coverage/coverage", "rows": None, "pathway": None,
    }  # fmt: skip
    assert json.loads(row["bundle"])["resourceType"] == "Bundle"


@pytest.mark.parametrize(("items", "name"), [(2, "approve"), (3, "ask"), (2, "medicare")])
def test_each_item_has_its_result_under_its_sequence(exchange: Exchange, items: int, name: str) -> None:
    bundle = asking(name, items=items)
    for place, one in enumerate(claim(bundle)["item"]):
        one["sequence"] = 10 * (place + 1)
    made = send(exchange, bundle)
    assert list(actions(made)) == [10 * (place + 1) for place in range(items)]


def test_a_request_for_nothing_that_is_decided_here_is_told_where_it_stands(exchange: Exchange) -> None:
    bundle = asking("ask")
    item(bundle)["productOrService"] = {"coding": [{"system": HCPCS, "code": "A4253"}]}
    made = send(exchange, bundle)
    assert (actions(made), reviewed(made)) == ({1: "CT"}, False)
    assert any("no policy of this payer speaks about" in one for one in notes(made))


def test_a_plan_that_wants_a_person_to_look_first_answers_pended(store: Store) -> None:
    with exchanging(store, settings={"approve_by_rule": False}) as exchange:
        made = send(exchange, asking("approve"))
    assert (actions(made), reviewed(made)) == ({1: "A4"}, False)


# ---- nothing optional is needed


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:  # JSON
    found: list[tuple[str | int, ...]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        found += [(*path, key), *_places(part, (*path, key))]
    return found


WHOLE = {name: rich(asking(name)) for name in ("ask", "approve")}
PLACES = {name: [one for one in _places(bundle) if one[:1] == ("entry",)] for name, bundle in WHOLE.items()}


def without(bundle: Json, path: tuple[str | int, ...]) -> Json:
    made = copy.deepcopy(bundle)
    holder: Any = made
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return made


@pytest.mark.slow
def test_every_element_may_be_dropped_one_by_one(exchange: Exchange) -> None:
    name = "ask"  # 600 places; those of a chart with a year of readings are drawn above
    mix: dict[tuple[int, str], int] = {}
    for place, path in enumerate(PLACES[name]):
        found = exchange.post(SUBMIT, msgspec.json.encode(without(WHOLE[name], path)), ("2.0", "2.2")[place % 2])
        key = (found.status_code, found.json()["resourceType"])
        mix[key] = mix.get(key, 0) + 1
    print(name, mix)
    assert set(mix) == {(200, "Bundle"), (400, "OperationOutcome")}
    assert mix[200, "Bundle"] > 3 * mix[400, "OperationOutcome"]


OTHER: tuple[Any, ...] = (None, "", 0, -1, True, [], {}, [None], [[]], {"reference": 1}, "x" * 400)
DROPPED: dict[int, int] = {}


@pytest.mark.shall("PAS 2.2.1/conf-5", "PAS 2.2.1/conf-12", "PAS 2.2.1/conf-14", "PAS 2.2.1/conf-4", "PAS 2.0.1/35")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_dropped_of_a_request_it_is_answered_or_refused_in_order(
    exchange: Exchange, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    made = without(WHOLE[name], data.draw(st.sampled_from(PLACES[name])))
    found = exchange.post(SUBMIT, msgspec.json.encode(made), data.draw(st.sampled_from(["2.0", "2.2"])))
    DROPPED[found.status_code] = DROPPED.get(found.status_code, 0) + 1
    assert found.status_code in (200, 400), found.text
    kind = found.json()["resourceType"]
    assert kind == ("Bundle" if found.status_code == 200 else "OperationOutcome")


def test_most_of_what_was_dropped_was_answered() -> None:
    assert DROPPED[200] > DROPPED[400] > 0


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_place_of_an_element_no_fault_of_the_server_comes_of_it(
    exchange: Exchange, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    path = data.draw(st.sampled_from(PLACES[name]))
    made = copy.deepcopy(WHOLE[name])
    holder: Any = made
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(st.sampled_from(OTHER))
    found = exchange.post(SUBMIT, msgspec.json.encode(made))
    assert found.status_code in (200, 400), (path, found.text)
