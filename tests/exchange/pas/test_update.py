"""Updates and cancels: what is not changed keeps its result, all items come back, and what is decided stays so."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

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
    extended,
    following,
    item,
    notes,
    response,
    send,
)
from tests.ledger.house import DIRECTOR, LICENCE, NURSE, REASON, TENANT, done
from tests.ledger.standing import case, rows

Json = dict[str, Any]
HOUR = timedelta(hours=1)


def error(made: Json) -> str:
    """Return the FHIRPath of the one error of an answer."""
    said = response(made)
    assert said["outcome"] == "error"
    (only,) = said["error"]
    assert only["code"]["text"]
    path: str = next(one["valueString"] for one in only["extension"] if one["url"].endswith("errorPath"))
    return path


def later(exchange: Exchange, hours: int = 1) -> None:
    exchange.running.clock.now += hours * HOUR


@both
@pytest.mark.shall("PAS 2.2.1/spec-46", "PAS 2.2.1/spec-71", "PAS 2.0.1/176", "PAS 2.0.1/177", "PAS 2.0.1/181")
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_an_update_of_an_open_case_is_determined_anew_with_the_whole_request(exchange: Exchange, version: str) -> None:
    first = asking("ask", serial="first")
    number = case_of(send(exchange, first, version))
    shown = asking("approve", serial="first")  # the record says what was missing
    for one in shown["entry"][1:]:
        text = one["resource"]
        if text["resourceType"] == "Patient":
            text["identifier"][0]["value"] = "M-ask"
    update = following(first, "second", 1)
    update["entry"] = [one for one in update["entry"] if one["resource"].get("id") != "a1c-1"] + [
        _fresh(one) for one in first["entry"] if one["resource"].get("id") == "a1c-1"
    ]
    later(exchange)
    made = send(exchange, update, version)
    assert case_of(made) == number
    assert len(traffic.found(exchange.store, TENANT, t.cases)) == 1
    assert not any("II.A.T.7" in text for text in notes(made))
    assert response(made)["request"]["identifier"]["value"] == "second"


def _fresh(entry: Json) -> Json:
    made = copy.deepcopy(entry)
    made["resource"]["effectiveDateTime"] = "2026-11-10T08:15:00-05:00"
    return made


@pytest.mark.shall("PAS 2.2.1/spec-46", "PAS 2.0.1/131")
def test_an_item_that_is_added_to_an_open_case_is_decided_beside_the_others(exchange: Exchange) -> None:
    first = asking("ask", serial="first")
    number = case_of(send(exchange, first))
    more = asking("ask", items=2, serial="first")
    made = send(exchange, following(more, "second", 2))
    assert (case_of(made), actions(made)) == (number, {1: "A4", 2: "A4"})


@both
@pytest.mark.shall("PAS 2.2.1/spec-69", "PAS 2.2.1/spec-70", "PAS 2.2.1/spec-46", "PAS 2.0.1/180")
def test_an_item_that_is_taken_back_is_cancelled_and_the_others_go_on(exchange: Exchange) -> None:
    first = asking("ask", items=2, serial="first")
    number = case_of(send(exchange, first))
    later(exchange)
    made = send(exchange, following(first, "second", cancelled=(2,)))
    assert (case_of(made), actions(made)) == (number, {1: "A4", 2: "C"})
    later(exchange)
    again = send(exchange, following(following(first, "second", cancelled=(2,)), "third", 1))
    assert (case_of(again), actions(again)) == (number, {1: "A4", 2: "C"})


@both
@pytest.mark.parametrize("whole", [True, False])
def test_a_request_that_is_taken_back_ends_what_was_approved(exchange: Exchange, whole: bool) -> None:  # noqa: FBT001
    first = asking("approve", serial="first")
    number = case_of(send(exchange, first))
    later(exchange, 24)
    made = send(exchange, following(first, "second", whole=whole, cancelled=() if whole else (1,)))
    assert (case_of(made), actions(made)) == (number, {1: "C"})
    (end,) = rows(exchange.store, t.approval_end)
    assert (end["approval"], end["ends"].isoformat(), end["why"]) == (f"{number}-1", "2026-11-25", "asked")
    assert f"the approval {number}-1 ended on 2026-11-25" in notes(made)[1]
    again = send(exchange, following(first, "third", whole=True))
    assert actions(again) == {1: "C"}
    assert len(rows(exchange.store, t.approval_end)) == 1


def test_a_request_that_nobody_has_decided_is_withdrawn_as_a_whole(exchange: Exchange) -> None:
    first = asking("ask", items=2, serial="first")
    number = case_of(send(exchange, first))
    made = send(exchange, following(first, "second", whole=True))
    assert actions(made) == {1: "C", 2: "C"}
    assert case(exchange.store, number)["state"] == "withdrawn"


@pytest.mark.shall("PAS 2.2.1/spec-47", "PAS 2.2.1/spec-48")
def test_a_denial_stands_whatever_is_taken_back_and_however_often_it_is_sent(exchange: Exchange) -> None:
    first = asking("ask", serial="first")
    number = case_of(send(exchange, first))
    done(exchange.store, RouteToDirector(case=number), NURSE)
    done(exchange.store, DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    later(exchange)
    assert actions(send(exchange, first)) == {1: "A3"}
    assert actions(send(exchange, following(first, "second", whole=True))) == {1: "C"}
    (row,) = [one for one in rows(exchange.store, t.decision, case_no=number) if one["item"] == 1]
    assert row["kind"] == "adverse"


def test_what_is_decided_is_not_changed_where_the_plan_does_not_want_it(exchange: Exchange) -> None:
    first = asking("approve", serial="first")
    number = case_of(send(exchange, first))
    changed = following(first, "second", 1)
    item(changed)["quantity"] = {"value": 3}
    made = send(exchange, changed)
    assert error(made) == "Bundle.entry[0].resource.item.where(sequence = 1)"
    more = following(asking("approve", items=2, serial="first"), "third", 2)
    assert error(send(exchange, more)) == "Bundle.entry[0].resource.item.where(sequence = 2)"
    assert case(exchange.store, number)["version"] == 1
    assert len(traffic.found(exchange.store, TENANT, t.cases)) == 1


def test_what_is_decided_and_not_changed_keeps_its_result(exchange: Exchange) -> None:
    first = asking("approve", serial="first")
    number = case_of(send(exchange, first))
    made = send(exchange, following(first, "second"))
    assert (case_of(made), actions(made)) == (number, {1: "A1"})
    assert len(rows(exchange.store, t.decision)) == 1


def test_where_the_plan_takes_updates_of_what_is_decided_they_are_a_case_that_rests_on_it(store: Store) -> None:
    with exchanging(store, {"updates_of_decided": True}) as exchange:
        first = asking("approve", serial="first")
        number = case_of(send(exchange, first))
        more = asking("approve", items=2, serial="first")
        made = send(exchange, following(more, "second", 2))
        assert (case_of(made), actions(made)) == (number, {1: "A1", 2: "A1"})
        other = case(store, next(one["case_no"] for one in rows(store, t.cases) if one["case_no"] != number))
        assert (other["base"], other["kind"], other["about"]["client"]) == (number, "request", "clinic-ehr")
        assert [one["decision"] for one in rows(store, t.approval, case_no=number)] == [1]
        gone = send(exchange, following(following(more, "second", 2), "third", cancelled=(2,)))
        assert actions(gone) == {1: "A1", 2: "C"}
        assert [one["approval"] for one in rows(store, t.approval_end)] == [f"{other['case_no']}-1"]


def test_a_request_that_is_not_decided_here_may_be_updated_without_a_setting(exchange: Exchange) -> None:
    first = asking("ask", serial="first")
    item(first)["productOrService"]["coding"][0]["code"] = "A4253"
    number = case_of(send(exchange, first))
    changed = following(first, "second", 1)
    item(changed)["productOrService"]["coding"][0]["code"] = "E0784"
    made = send(exchange, changed)
    assert (case_of(made), actions(made)) == (number, {1: "A4"})


@pytest.mark.shall("PAS 2.2.1/spec-35", "PAS 2.0.1/106", "PAS 2.0.1/110")
def test_what_follows_on_a_request_that_is_not_known_here_is_told_so_in_the_answer(exchange: Exchange) -> None:
    first = asking("ask", serial="first")
    for client in ("clinic-ehr", "other-ehr"):
        made = send(exchange, following(first, "second"), client=client)
        assert error(made) == "Bundle.entry[0].resource.related"
        assert "item" not in response(made)
        send(exchange, first, client="clinic-ehr")  # another's is not known, either
    assert actions(send(exchange, following(first, "second"))) == {1: "A4"}


def test_an_update_of_another_member_is_told_so(exchange: Exchange) -> None:
    first = asking("ask", serial="first")
    send(exchange, first)
    other = following(first, "second")
    for one in other["entry"]:
        if one["resource"]["resourceType"] in ("Patient", "Coverage"):
            one["resource"]["identifier"][0]["value"] = "M-other"
            one["resource"].pop("subscriberId", None)
    assert error(send(exchange, other)) == "Bundle.entry[0].resource.patient"


def test_an_update_has_every_item_that_was_asked_before(exchange: Exchange) -> None:
    first = asking("ask", items=2, serial="first")
    send(exchange, first)
    part = following(first, "second", 1)
    claim(part)["item"] = claim(part)["item"][:1]
    assert error(send(exchange, part)) == "Bundle.entry[0].resource.item"


def test_a_new_item_does_not_take_the_place_of_one_that_was_asked_before(exchange: Exchange) -> None:
    first = asking("ask", serial="first")
    item(first)["sequence"] = 5
    number = case_of(send(exchange, first))
    more = asking("ask", items=2, serial="first")
    claim(more)["item"][0]["sequence"] = 4
    item(more, 2)["sequence"] = 5
    assert error(send(exchange, following(more, "second", 4))) == "Bundle.entry[0].resource.item"
    claim(more)["item"][0]["sequence"] = 6
    assert list(actions(send(exchange, following(more, "third", 6)))) == [5, 6]
    assert [row["about"]["sequence"] for row in rows(exchange.store, t.item, case_no=number)] == [5, 6]


@pytest.mark.parametrize("known_by", ["number", "identifier", "url"])
def test_the_request_before_is_known_by_our_number_by_its_identifier_or_by_its_url(
    exchange: Exchange, known_by: str
) -> None:
    first = asking("ask", serial="first")
    if known_by == "url":
        claim(first).pop("identifier")
    number = case_of(send(exchange, first))
    update = following(first, "second")
    if known_by == "number":
        update["entry"] = [one for one in update["entry"] if one["resource"].get("id") != "first"]
        claim(update)["related"] = [{"reference": {"value": f"{number}-1"}}]
    if known_by == "identifier":
        update["entry"] = [one for one in update["entry"] if one["resource"].get("id") != "first"]
        claim(update)["related"] = [{"claim": {"identifier": {"system": "urn:example:request", "value": "first"}}}]
    assert case_of(send(exchange, update)) == number


def test_of_several_requests_of_one_name_the_one_with_the_same_url_is_meant(exchange: Exchange) -> None:
    one, two = asking("ask", serial="one"), asking("ask", serial="two")
    for made in (one, two):
        claim(made)["identifier"] = [{"system": "urn:example:request", "value": "111099"}]
    number = case_of(send(exchange, one))
    send(exchange, two)
    update = following(one, "three", 1)
    claim(update)["identifier"] = claim(one)["identifier"]
    assert case_of(send(exchange, update)) == number


@pytest.mark.shall("PAS 2.2.1/spec-48", "PAS 2.0.1/133")
def test_an_update_of_an_update_leads_to_the_same_case(exchange: Exchange) -> None:
    first = asking("ask", serial="first")
    number = case_of(send(exchange, first))
    second = following(first, "second", 1)
    assert case_of(send(exchange, second)) == number
    third = following(second, "third", 1)
    assert case_of(send(exchange, third)) == number


@both
def test_updates_that_come_at_once_are_done_one_after_the_other(exchange: Exchange) -> None:
    first = asking("ask", items=2, serial="first")
    number = case_of(send(exchange, first))
    bodies = [following(first, f"update-{place}", 1) for place in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: exchange.post(SUBMIT, one), bodies))
    assert [one.status_code for one in answers] == [200] * 4
    assert case(exchange.store, number)["version"] == 5
    assert len([one for one in rows(exchange.store, t.submission, case_no=number) if one["kind"] == "request"]) == 5


def test_an_update_that_is_sent_twice_is_done_once(exchange: Exchange) -> None:
    first = asking("ask", items=2, serial="first")
    number = case_of(send(exchange, first))
    update = following(first, "second", 1, cancelled=(2,))
    found = exchange.post(SUBMIT, update)
    assert exchange.post(SUBMIT, update).content == found.content
    assert case(exchange.store, number)["version"] == 2


def test_a_number_of_theirs_that_is_one_of_another_client_leads_nowhere(exchange: Exchange) -> None:
    number = case_of(send(exchange, asking("ask", serial="first"), client="other-ehr"))
    update = following(asking("ask", serial="mine"), "second")
    item(update)["extension"].append(extended("administrationReferenceNumber", "String", f"{number}-1"))
    assert error(send(exchange, update)) == "Bundle.entry[0].resource.related"
