"""A reading is changed by two people: one proposes, another publishes or refuses; runs from its day on use it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Repeat
from priorauth.ledger.acts.policies import NameCases, ProposeReading, PublishReading, RefuseReading, WithdrawReading
from priorauth.ledger.acts.setup import AddPerson, GrantRole, SetUp
from priorauth.ledger.care.replay import replay
from priorauth.ledger.events import Who
from priorauth.ledger.rebuild import differences
from priorauth.ledger.store import Store
from tests.ledger.house import DIRECTOR, FIRST, NOW, NURSE, TENANT, done, furnish, received, refused
from tests.ledger.standing import rows

ANALYST = Who(TENANT, "ana", "analyst")
SECOND = Who(TENANT, "anton", "analyst")
POLICY = "masshealth/insulin-pumps"
TODAY = date(2026, 11, 24)
LATER = NOW + timedelta(days=2)


def analysts(store: Store) -> None:
    for who in (ANALYST, SECOND):
        done(store, AddPerson(person=str(who.person), title=str(who.person).title()))
        done(store, GrantRole(person=str(who.person), role="analyst", valid_from=FIRST))


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store, approve_by_rule=False)
    analysts(store)
    return store


def asked(**more: Any) -> ProposeReading:
    said: dict[str, Any] = {
        "policy": POLICY,
        "reading": "testing_window",
        "value": "90 days",
        "first": TODAY,
        "why": "as agreed",
    }
    return ProposeReading(**(said | more))


def proposed(store: Store, **more: Any) -> str:
    return str(done(store, asked(**more), ANALYST).more["proposal"])


def used(store: Store, case: str) -> list[tuple[str, str]]:
    """Return by run the window that was used and the outcome."""
    with store.reading(TENANT) as connection:
        query = select(t.run.c.pins, t.run.c.outcomes).where(t.run.c.case_no == case).order_by(t.run.c.number)
        return [(row.pins["1"]["readings"]["testing_window"], row.outcomes["1"]) for row in connection.execute(query)]


def settings(store: Store) -> dict[str, Any]:
    return dict(rows(store, t.tenant)[0]["settings"])


def test_a_published_reading_is_used_by_runs_from_its_day_on_and_earlier_runs_replay_as_they_were(plan: Store) -> None:
    case = received(plan, "approve")
    done(plan, PublishReading(proposal=proposed(plan, first=date(2026, 11, 26)), why="I agree"), DIRECTOR)
    done(plan, Repeat(case=case), NURSE, NOW + timedelta(hours=1))
    done(plan, Repeat(case=case), NURSE, LATER)
    assert used(plan, case) == [
        ("30 days", "approve"), ("30 days", "approve"), ("90 days", "request-information")
    ]  # fmt: skip
    assert [one.said for one in replay(plan, TENANT)] == ["the same bytes"] * 3
    with plan.reading(TENANT) as connection:
        assert list(differences(connection, TENANT)) == []


def test_the_events_tell_who_proposed_and_published_it_why_and_both_values(plan: Store) -> None:
    number = proposed(plan)
    done(plan, PublishReading(proposal=number, why="I agree"), DIRECTOR)
    told = {row["what"]: row for row in rows(plan, t.event, case_no="") if str(row["what"]).startswith("reading")}
    assert (told["reading-proposed"]["person"], told["reading-proposed"]["why"]) == ("ana", "as agreed")
    published = told["reading-published"]
    assert (published["person"], published["why"]) == ("dora", "I agree")
    said = published["data"]["say"]
    assert (said["before"], said["value"], said["proposed_by"]) == ("30 days", "90 days", "ana")


def test_nobody_publishes_or_refuses_what_she_proposed_herself(plan: Store) -> None:
    number = proposed(plan)
    done(plan, GrantRole(person="ana", role="director", valid_from=FIRST))
    both = ANALYST._replace(role="director")
    for act in (PublishReading(proposal=number, why="I agree"), RefuseReading(proposal=number, why="no")):
        assert refused(plan, act, both).reason == "a second person decides what you proposed"
        assert refused(plan, act, SECOND).code == "no-right"
    assert "published" not in settings(plan)


def test_what_is_refused_or_taken_back_changes_nothing_and_is_decided(plan: Store) -> None:
    one, other = proposed(plan), proposed(plan, reading="hba1c_age", value="6 months")
    assert refused(plan, RefuseReading(proposal=one, why=" "), DIRECTOR).reason == "expected why"
    done(plan, RefuseReading(proposal=one, why="too long"), DIRECTOR)
    assert refused(plan, WithdrawReading(proposal=other), SECOND).code == "no-right"
    done(plan, WithdrawReading(proposal=other), ANALYST)
    assert {row["outcome"] for row in rows(plan, t.proposal)} == {"refused", "withdrawn"}
    assert "published" not in settings(plan)
    for number in (one, other):
        assert refused(plan, PublishReading(proposal=number, why="after all"), DIRECTOR).code == "state"
    assert refused(plan, PublishReading(proposal="x", why="?"), DIRECTOR).code == "not-found"


def test_one_value_of_a_reading_waits_at_a_time(plan: Store) -> None:
    number = proposed(plan)
    assert refused(plan, asked(value="60 days"), SECOND).code == "state"
    proposed(plan, reading="hba1c_age", value="6 months")
    done(plan, WithdrawReading(proposal=number), ANALYST)
    proposed(plan, value="60 days")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": "91 days"}, "expected 14 days..90 days"),
        ({"value": "30 days"}, "testing_window is 30 days on that day already"),
        ({"reading": "x"}, "has no reading named x"),
        ({"policy": "x/y"}, "no policy is named x/y"),
        ({"first": date(2026, 11, 23)}, "expected a day that is not over"),
        ({"why": " "}, "expected why"),
    ],
)
def test_what_cannot_be_a_reading_is_not_proposed(plan: Store, wrong: dict[str, Any], said: str) -> None:
    found = refused(plan, asked(**wrong), ANALYST)
    assert (found.code, said in found.reason) == ("invalid", True)
    assert rows(plan, t.proposal) == []


def test_a_proposal_that_lay_until_its_day_was_over_holds_from_its_publication(plan: Store) -> None:
    number = proposed(plan)
    done(plan, PublishReading(proposal=number, why="late"), DIRECTOR, LATER)
    assert [one["from"] for one in settings(plan)["published"]] == ["2026-11-26"]


def test_a_new_set_up_leaves_what_two_people_published_and_cannot_say_it_by_itself(plan: Store) -> None:
    done(plan, PublishReading(proposal=proposed(plan), why="I agree"), DIRECTOR)
    published = settings(plan)["published"]
    done(plan, SetUp(title="A plan", zone="America/New_York", settings={"remind_days": 30}))
    assert settings(plan) == {"remind_days": 30, "published": published}
    found = refused(plan, SetUp(title="A plan", zone="America/New_York", settings={"published": []}))
    assert (found.code, "two people" in found.reason) == ("invalid", True)


def test_that_cases_were_listed_is_an_event(plan: Store) -> None:
    done(plan, NameCases(policy=POLICY, change="testing window = 90 days", cases=("26-0001",)), ANALYST)
    (told,) = [row for row in rows(plan, t.event, case_no="") if row["what"] == "cases-named"]
    assert (told["person"], told["data"]["say"]["cases"]) == ("ana", ["26-0001"])
    assert refused(plan, NameCases(policy=POLICY, change="", cases=()), NURSE).code == "no-right"
