"""That somebody looked into the ledger as a whole is an event, which says what for and no more than that."""

from __future__ import annotations

from priorauth.ledger import tables as t
from priorauth.ledger.acts.audit import OF, LookInto
from priorauth.ledger.store import Store
from tests.ledger.house import NURSE, done, furnish, refused
from tests.ledger.standing import rows


def test_a_look_into_the_ledger_is_an_event_of_the_plan(store: Store) -> None:
    furnish(store)
    done(store, LookInto(of=OF[0], said={"form": "csv", "person": "x" * 999, "none": None}))
    last = rows(store, t.event, case_no="")[-1]
    assert last["data"]["say"] == {"of": OF[0], "said": {"form": "csv", "person": "x" * 200}}


def test_it_says_one_of_the_things_that_are_done_and_is_not_for_everybody(store: Store) -> None:
    furnish(store)
    assert refused(store, LookInto(of="something")).code == "invalid"
    assert refused(store, LookInto(of=OF[0]), NURSE).code == "no-right"
