"""What follows by rule: an approval, a question, a request sent elsewhere; never anything against the request."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import DecideAdversely
from priorauth.ledger.acts.intake import CancelItem, Repeat, UpdateItem
from priorauth.ledger.acts.queues import RouteToDirector, RouteToNurse
from priorauth.ledger.acts.words import Settle
from priorauth.ledger.store import Store
from tests.casebook.kept import case_of
from tests.ledger.house import (
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    done,
    example,
    furnish,
    received,
)
from tests.ledger.standing import bundle, case, rows, sent

HCPCS = {"system": "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"}
BY_RULE = {"approve-by-rule", "elsewhere"}


def test_what_the_criteria_show_is_approved_by_rule_at_once_and_nobody_signs(store: Store) -> None:
    furnish(store)
    number = received(store, "approve")
    assert case(store, number)["state"] == "approved"
    (decision,) = rows(store, t.decision)
    assert (decision["kind"], decision["signer"], decision["role"]) == ("approve-by-rule", None, "rule")
    assert rows(store, t.event, case_no=number)[-1]["role"] == "rule"
    assert [row["number"] for row in rows(store, t.approval)] == [f"{number}-1"]


def test_where_the_plan_wants_a_person_to_look_first_she_does(store: Store) -> None:
    furnish(store, approve_by_rule=False)
    number = received(store, "approve")
    assert (case(store, number)["state"], rows(store, t.decision)) == ("with-nurse", [])


@pytest.mark.parametrize("name", ["ask", "conflict", "not-yet", "review", "approve", "medicare", "replacement"])
def test_whatever_a_run_finds_no_rule_decides_against_the_request(store: Store, name: str) -> None:
    furnish(store)
    number = received(store, name)
    done(store, Repeat(case=number), NURSE) if case(store, number)["closed_at"] is None else None
    assert {row["kind"] for row in rows(store, t.decision)} <= BY_RULE
    assert (rows(store, t.reason), rows(store, t.approval_end)) == ([], [])


def test_a_settled_conflict_is_approved_by_rule_in_the_same_act(store: Store) -> None:
    furnish(store)
    number = received(store, "conflict")
    found = done(store, Settle(case=number, criterion="II.A.T.5", value=True, why="the letter is newer"), NURSE)
    assert (found.state, found.more["approvals"]) == ("approved", [f"{number}-1"])


def beside_another_product(name: str) -> bytes:
    """Return an example with a second item, of a product that no policy decides."""
    made = json.loads(bundle(name, items=2))
    claim = next(one["resource"] for one in made["entry"] if one["resource"]["resourceType"] == "Claim")
    claim["item"][1] = {**claim["item"][1], "productOrService": {"coding": [{**HCPCS, "code": "K0606"}]}}
    return json.dumps(made).encode()


def against_the_second_of_two(store: Store) -> str:
    """A case of two items that conflict, with a nurse, of which the second was decided against."""
    furnish(store)
    number = sent(store, beside_another_product("conflict"))
    done(store, RouteToDirector(case=number), NURSE)
    against = DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,), items=(2,))
    assert done(store, against, DIRECTOR).state == "with-director"
    done(store, RouteToNurse(case=number), NURSE)
    return number


def test_an_approval_by_rule_beside_what_was_decided_against_is_approval_in_part(store: Store) -> None:
    number = against_the_second_of_two(store)
    done(store, Settle(case=number, criterion="II.A.T.5", value=True, why="the letter is newer"), NURSE)
    assert case(store, number)["state"] == "partly-approved"
    assert [row["kind"] for row in rows(store, t.decision, case_no=number)] == ["adverse", "approve-by-rule"]


def test_what_was_decided_against_stays_so_where_the_rest_is_taken_back(store: Store) -> None:
    number = against_the_second_of_two(store)
    done(store, CancelItem(case=number, item=1), COORDINATOR)
    assert case(store, number)["state"] == "adverse"


def test_no_rule_ends_a_case_of_which_an_item_is_not_shown(store: Store) -> None:
    furnish(store)
    number = sent(store, beside_another_product("ask"))
    found = case(store, number)
    assert (found["state"], found["closed_at"]) == ("with-clinic", None)
    assert {row["outcome"] for row in rows(store, t.item)} == {"request-information", "not-applicable"}
    assert rows(store, t.decision) == []


def test_an_approval_begins_on_no_day_before_it_was_given(store: Store) -> None:
    furnish(store)
    number = received(store, "approve", now=NOW + timedelta(days=30))
    (row,) = rows(store, t.approval, case_no=number)
    assert row["valid_from"] == (NOW + timedelta(days=30)).date()


def test_a_rule_asks_only_what_it_has_not_asked(store: Store) -> None:
    furnish(store)
    number = sent(store, example("ask"))
    done(store, Repeat(case=number), NURSE)
    assert [row["what"] for row in rows(store, t.event, case_no=number)].count("asked") == 1


def test_a_case_with_a_director_stays_there_when_it_could_be_approved_by_rule(store: Store) -> None:
    furnish(store)
    number = sent(store, example("ask"))
    done(store, RouteToDirector(case=number), NURSE)
    whole = UpdateItem(case=number, bundle=example("approve").replace(b"approve", b"ask"))
    found = done(store, whole, COORDINATOR)
    assert (found.state, found.more["outcomes"]) == ("with-director", {"1": "approve"})
    assert (case(store, number)["queue"], rows(store, t.decision)) == ("director", [])
    (kept,) = [row for row in rows(store, t.event, case_no=number) if row["what"] == "kept"]
    assert kept["data"]["say"] == {"queue": "director", "outcomes": {"1": "approve"}}
    assert rows(store, t.item, case_no=number)[0]["outcome"] == "approve"
    done(store, RouteToNurse(case=number), DIRECTOR)
    assert done(store, Repeat(case=number), NURSE).state == "approved"


def test_a_case_with_a_director_leaves_her_where_the_request_is_decided_elsewhere(store: Store) -> None:
    furnish(store)
    of_an_mco = json.dumps(case_of("masshealth/member-of-an-mco")["bundle"])
    missing = json.dumps(case_of("masshealth/missing-hba1c")["bundle"]).replace("pat-013", "pat-048")
    number = sent(store, missing.encode())
    assert done(store, RouteToDirector(case=number), NURSE).state == "with-director"
    found = done(store, UpdateItem(case=number, bundle=of_an_mco.encode()), COORDINATOR)
    assert (found.state, found.more["outcomes"]) == ("sent-elsewhere", {"1": "not-applicable"})
