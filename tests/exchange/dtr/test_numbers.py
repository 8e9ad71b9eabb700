"""The number of an authorization at the end of a form: from the ledger, and never where a request came first."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.acts.taken_back import Cancel
from priorauth.ledger.store import Store
from tests.exchange.dtr import desk
from tests.exchange.dtr.desk import Json, begun, context, followed, form_of, links, missing, parts, patient, practice
from tests.exchange.house import Exchange, both, exchanging
from tests.ledger import house

POLICY = "masshealth/insulin-pumps"
UNASKED: dict[str, Any] = {"unsolicited": True}
ISSUE = {"valueCoding": {"code": "issue"}}
LATER = {"valueCoding": {"code": "later"}}


def filled(exchange: Exchange, said: dict[str, Any] | None = None, version: str = "2.2") -> Json:
    """A form that a practice fills in to its end."""
    return followed(exchange, begun(POLICY, patient(missing())), practice(said), version)


def issue(value: Json) -> dict[str, Json]:
    return {f"form.end.{place}.issue": value for place in (1, 2, 3)}


@both
@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.shall("DTR 2.2.0/spec-41", "DTR 2.2.0/spec-33", "DTR 2.2.0/spec-43", "DTR 2.0.1/52", "DTR 2.0.1/54")
def test_where_all_is_shown_the_last_question_is_whether_to_issue_the_number(store: Store, version: str) -> None:
    with exchanging(store, UNASKED) as exchange:
        context(exchange, missing())
        done = filled(exchange, issue(ISSUE), version)
        assert form_of(done)["item"][-1]["item"][-1]["linkId"] == "form.end.1.issue"
        said = parts(done)
        assert (said["pa-needed"], said["satisfied-pa-id"]) == ("satisfied", "26-0001-1")
        assert said["coverage-assertion-id"] == desk.CONTEXT
        assert said["coverage"] == {"reference": "Coverage/cov-1"}
        (approval,) = traffic.found(store, house.TENANT, t.approval)
        assert approval["number"] == "26-0001-1"
        assert traffic.cases_of(store, house.TENANT, desk.CONTEXT)[0]["case_no"] == "26-0001"


def test_a_number_that_is_not_wanted_now_is_not_issued(store: Store) -> None:
    with exchanging(store, UNASKED) as exchange:
        context(exchange, missing())
        said = parts(filled(exchange, issue(LATER)))
        assert (said["pa-needed"], "satisfied-pa-id" in said) == ("auth-needed", False)
        assert traffic.found(store, house.TENANT, t.cases) == []


@pytest.mark.shall("DTR 2.2.0/spec-45", "DTR 2.0.1/56")
def test_a_form_that_is_completed_anew_takes_the_place_of_the_one_before(store: Store) -> None:
    with exchanging(store, UNASKED) as exchange:
        context(exchange, missing())
        first = parts(filled(exchange, issue(ISSUE)))
        again = parts(filled(exchange, issue(ISSUE)))
        assert again["satisfied-pa-id"] == first["satisfied-pa-id"]
        assert len(traffic.found(store, house.TENANT, t.approval)) == 1
        less = filled(exchange, {"hba1c": {"valueQuantity": {"value": 6.0, **desk.PERCENT}}})
        said = parts(less)
        assert (said["pa-needed"], "satisfied-pa-id" in said) == ("auth-needed", False)
        (row,) = traffic.found(store, house.TENANT, t.context)
        assert row["data"]["completed"]["outcome"] == "clinical-review"
        (paper,) = traffic.found(store, house.TENANT, t.document)
        assert paper["name"] == "The form was completed anew"


def test_a_number_that_was_taken_back_is_not_given_again(store: Store) -> None:
    with exchanging(store, UNASKED) as exchange:
        context(exchange, missing())
        first = parts(filled(exchange, issue(ISSUE)))
        (case,) = traffic.found(store, house.TENANT, t.cases)
        house.done(store, Cancel(case=case["case_no"]), house.SYSTEM, exchange.running.clock.now)
        again = parts(filled(exchange, issue(ISSUE)))
        assert again.get("satisfied-pa-id") != first["satisfied-pa-id"]


def without(store: Store, plan: dict[str, Any], settings: dict[str, Any] | None = None, **about: Any) -> Json:
    """A form in which all is shown, of a plan or a context in which no number is issued."""
    with exchanging(store, plan, settings=settings or {}) as exchange:
        context(exchange, missing(), **about)
        done = filled(exchange)
        assert not [link for link in links(done) if link.endswith(".issue")]
        assert traffic.found(store, house.TENANT, t.cases) == []
        return parts(done)


def test_a_plan_that_gives_no_numbers_unasked_says_that_all_is_on_file(store: Store) -> None:
    said = without(store, {})
    assert (said["pa-needed"], said["reason"]) == ("auth-needed", {"text": "all that the policy asks is on file"})


def test_a_plan_in_which_a_person_looks_first_gives_no_number(store: Store) -> None:
    assert without(store, UNASKED, {"approve_by_rule": False})["pa-needed"] == "auth-needed"


@pytest.mark.shall("DTR 2.2.0/spec-42", "DTR 2.2.0/spec-43", "DTR 2.0.1/52")
def test_a_form_that_a_request_has_led_to_gives_no_number_and_says_nothing_of_coverage(store: Store) -> None:
    assert without(store, UNASKED, hook="pas") == {}


@pytest.mark.shall("DTR 2.2.0/spec-42")
def test_where_a_request_came_before_the_form_no_number_is_given(store: Store) -> None:
    with exchanging(store, UNASKED) as exchange:
        context(exchange, missing())
        case = house.received(store, "ask")
        traffic.trace(store, house.TENANT, case, [("trace", desk.CONTEXT, 1)])
        done = filled(exchange)
        assert not [link for link in links(done) if link.endswith(".issue")]
        assert "satisfied-pa-id" not in parts(done)


def test_answers_that_are_not_confirmed_show_nothing(store: Store) -> None:
    with exchanging(store, UNASKED) as exchange:
        context(exchange, missing())
        no = {f"form.end.{place}.attest": {"valueBoolean": False} for place in (1, 2)}
        said = parts(filled(exchange, {**no, **issue(ISSUE)}))
        assert (said["pa-needed"], "satisfied-pa-id" in said) == ("auth-needed", False)
        assert said["reason"] == {"text": "the answers were not confirmed by who gave them"}
        assert traffic.found(store, house.TENANT, t.cases) == []
