"""What is asked of a clinic is what the last run asks, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger import tables as t
from priorauth.ledger.acts.notices import AskClinic
from priorauth.ledger.acts.queues import RouteToNurse
from priorauth.ledger.store import Store
from tests.ledger.house import DIRECTOR, NOW, NURSE, done, furnish, received, refused
from tests.ledger.standing import rows


def asked(store: Store) -> list[list[str]]:
    return [row["data"]["say"]["facts"] for row in rows(store, t.event) if row["what"] == "asked"]


def test_the_rule_asks_once_what_the_run_asks(store: Store) -> None:
    furnish(store)
    received(store, "ask")
    (facts,) = asked(store)
    assert facts[0] == "hba1c"
    assert len(facts) == len(set(facts))


def test_a_nurse_asks_some_of_it_again_and_the_case_is_with_the_clinic(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    done(store, RouteToNurse(case=number), NURSE)
    found = done(store, AskClinic(case=number, facts=("hba1c",), until=NOW + timedelta(days=5)), NURSE)
    assert found.state == "with-clinic"
    assert asked(store)[-1] == ["hba1c"]
    sent = [row["payload"] for row in rows(store, t.outbox) if row["kind"] == "asked"]
    assert sent[-1]["facts"] == ["hba1c"]


def test_nobody_asks_what_the_run_does_not_ask(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    for who in (NURSE, DIRECTOR):
        assert refused(store, AskClinic(case=number, facts=("hba1c", "shoe_size")), who).code == "invalid"
    assert refused(store, AskClinic(case=number, facts=("hba1c",), until=NOW), NURSE).code == "invalid"
    done(store, RouteToNurse(case=received(store, "ask")), NURSE)
    nothing = received(store, "review")
    assert refused(store, AskClinic(case=nothing), NURSE).code == "invalid"


def test_to_ask_for_nothing_is_refused(store: Store) -> None:
    furnish(store)
    number = received(store, "ask")
    assert refused(store, AskClinic(case=number, facts=()), NURSE).code == "invalid"
