"""How a case stands: what is said of its items in every state, and who is said to have looked; never a denial but a
clinician's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from priorauth.exchange.pas.model import Answer, Result
from priorauth.exchange.pas.standing import PENDING, chain, standing, trace_of
from priorauth.ledger import tables as t
from priorauth.ledger.acts import setup
from priorauth.ledger.acts.again import Appeal
from priorauth.ledger.acts.decisions import Approve, DecideInPart, EndApproval
from priorauth.ledger.acts.queues import RouteToDirector
from priorauth.ledger.acts.taken_back import Cancel, Revise
from priorauth.ledger.acts.words import Settle
from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.work import perform
from tests.ledger.house import (
    APPEALS,
    COORDINATOR,
    DIRECTOR,
    FIRST,
    LAST,
    LICENCE,
    NOW,
    NURSE,
    REASON,
    TENANT,
    done,
    example,
    furnish,
)
from tests.ledger.standing import ACTS, STATES, bundle, rows, sent

SAID: Final = {
    "with-clinic": ("A4", False), "waiting": ("A4", False), "with-nurse": ("A4", False), "with-director": ("A4", False),
    "approved": ("A1", True), "partly-approved": ("A6", True), "adverse": ("A3", True),
    "authorized-by-law": ("A1", False), "sent-elsewhere": ("CT", True), "withdrawn": ("C", False),
    "duplicate": ("CT", True), "not-ours": ("CT", True), "filed-in-error": ("C", False),
}  # fmt: skip
"""By state, the review action of the case's one item, and whether a person has decided it."""


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    return store


def stands(store: Store, number: str) -> Answer:
    found = standing(store, TENANT, number)
    assert found is not None
    return found


def only(answer: Answer) -> Result:
    (found,) = answer.results
    return found


@pytest.mark.shall("PAS 2.2.1/spec-34", "PAS 2.0.1/136")
@pytest.mark.parametrize("state", STATES)
def test_in_every_state_of_a_case_its_item_has_one_result(plan: Store, state: str) -> None:
    assert set(SAID) == set(STATES)
    sent(plan, bundle("ask"))  # the first case is some other
    number = STATES[state](plan)
    one = only(stands(plan, number))
    assert (one.action, one.reviewer is not None) == SAID[state]
    assert (one.sequence, one.administration) == (1, f"{number}-1")
    assert one.trace == trace_of(TENANT, number, 1)


def test_no_outcome_of_a_run_certifies_or_denies_by_itself() -> None:
    assert set(PENDING.values()) == {"A4", "NA", "CT"}
    assert [outcome for outcome, action in PENDING.items() if action == "NA"] == ["not-required"]
    assert {outcome for outcome, action in PENDING.items() if action == "CT"} == {"not-applicable", "other-criteria"}


def test_a_case_that_is_not_there_has_no_answer(plan: Store) -> None:
    assert standing(plan, TENANT, "26-9999") is None


def test_what_was_approved_is_said_with_its_number_and_days(plan: Store) -> None:
    number = sent(plan, example("approve"))
    one = only(stands(plan, number))
    (row,) = rows(plan, t.approval, case_no=number)
    assert one.grant is not None
    assert (one.grant.number, one.grant.first, one.grant.last) == (row["number"], row["valid_from"], row["valid_until"])
    assert one.on == one.grant.issued
    assert one.outcome == "approve-by-rule"


def test_a_denial_says_criterion_and_reason_and_that_it_can_be_appealed(plan: Store) -> None:
    one = only(stands(plan, STATES["adverse"](plan)))
    assert any(text.startswith("II.A.T.7 (") and REASON.why_not in text for text in one.notes)
    assert any("appeal" in text for text in one.notes)
    assert one.grant is None


def test_a_denial_whose_licence_is_lost_is_told_as_pended(plan: Store) -> None:
    number = STATES["adverse"](plan)
    with plan.writing(TENANT) as connection:  # the guards of the ledger are taken off, as in a damaged database
        connection.exec_driver_sql("DROP TRIGGER decision_no_update")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.execute(t.decision.update().where(t.decision.c.case_no == number).values(licence=None))
    assert only(stands(plan, number)).action == "A4"


def test_what_an_exclusion_would_say_is_no_word_of_a_program(plan: Store) -> None:
    number = sent(plan, example("review"))
    one = only(stands(plan, number))
    assert one.outcome == "clinical-review"
    assert "a clinician of the plan looks at it before anything is decided" in one.notes


def test_what_the_payers_people_have_said_so_far_is_not_told_before_they_decide(plan: Store) -> None:
    number = sent(plan, bundle("ask"))
    before = only(stands(plan, number))
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, Settle(case=number, criterion="II.A.T.7", value=False, why="no newer result will come"), DIRECTOR)
    after = only(stands(plan, number))
    assert (after.action, after.outcome, after.notes) == (before.action, before.outcome, before.notes)
    assert not any("no newer result" in text for text in after.notes)
    assert after.wants == before.wants


@pytest.mark.shall("PAS 2.2.1/spec-47", "PAS 2.2.1/spec-48", "PAS 2.0.1/133")
def test_an_appeal_that_is_decided_gives_the_current_result_and_one_that_is_open_leaves_it(plan: Store) -> None:
    number = STATES["adverse"](plan)
    again = done(plan, Appeal(case=number), COORDINATOR).case
    assert again is not None
    assert only(stands(plan, number)).action == "A3"
    done(plan, Approve(case=again, why="the newer result shows it"), APPEALS)
    for any_number in (number, again):
        answer = stands(plan, any_number)
        assert (answer.case, answer.cases) == (number, (number, again))
        assert (only(answer).action, only(answer).grant is not None) == ("A1", True)


def test_a_case_that_was_revised_answers_for_all_its_items(plan: Store) -> None:
    number = sent(plan, example("approve"))
    more = bundle("ask").replace(b'"sequence": 1', b'"sequence": 2')
    again = done(plan, Revise(case=number, bundle=more), COORDINATOR).case
    assert again is not None
    answer = stands(plan, again)
    assert {one.sequence: (one.action, one.administration) for one in answer.results} == {
        1: ("A1", f"{number}-1"),
        2: ("A4", f"{again}-1"),
    }
    with plan.reading(TENANT) as connection:
        assert chain(connection, TENANT, again) == [number, again]


def test_an_approval_that_its_holder_gave_back_is_cancelled_and_one_that_ended_otherwise_is_not(plan: Store) -> None:
    number = sent(plan, example("approve"))
    first = rows(plan, t.approval, case_no=number)[0]["valid_from"]
    asked = EndApproval(case=number, approval=f"{number}-1", because="asked", ends=first)
    done(plan, asked, COORDINATOR)
    assert only(stands(plan, number)).action == "C"
    other = sent(plan, example("approve"))
    done(plan, EndApproval(case=other, approval=f"{other}-1", because="used", ends=first), COORDINATOR)
    one = only(stands(plan, other))
    assert one.grant is not None
    assert (one.action, one.grant.last) == ("A1", first)


def test_the_licence_of_her_who_signed_gives_npi_and_specialty(plan: Store) -> None:
    licence = setup.AddLicence(
        person="dora", licence=LICENCE, kind="MD", state="MA", specialty="endocrinology", valid_from=FIRST,
        valid_until=LAST, npi="1234567893",
    )  # fmt: skip
    done(plan, licence)
    reviewer = only(stands(plan, STATES["adverse"](plan))).reviewer
    assert reviewer is not None
    assert (reviewer.role, reviewer.npi, reviewer.specialty) == ("director", "1234567893", "endocrinology")


def test_the_answer_bears_the_moment_of_what_changed_it_last_and_not_of_who_read_it(plan: Store) -> None:
    number = STATES["with-clinic"](plan)
    before = stands(plan, number)
    done(plan, ACTS["read"](plan, number).act, NURSE, NOW.replace(hour=18))
    done(plan, ACTS["note"](plan, number).act, NURSE, NOW.replace(hour=19))
    assert stands(plan, number) == before
    done(plan, Cancel(case=number), COORDINATOR, NOW.replace(hour=20))
    assert stands(plan, number).created == NOW.replace(hour=20)


# ---- never a denial but a clinician's

BY_PEOPLE: Final = ("approve", "part", "adverse", "elsewhere", "duplicate", "not-ours")


def step(*names: str) -> Callable[[Store, str], None]:
    """Return what tries acts one after the other, as somebody who may; what is refused leaves nothing."""

    def walk(store: Store, number: str) -> None:
        for name in names:
            one = ACTS[name](store, number)
            perform(store, one.act, one.who, one.at)

    return walk


STEPS: Final[dict[str, Callable[[Store, str], None]]] = {
    **{name: step(name) for name in ACTS if name not in ("climb", "miss-clock")},
    "denied": step("route-to-director", "decide-adversely"),
    "cut": step("route-to-director", "decide-in-part"),
    "granted": step("approve"),
}


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('walked')}/ledger.db")
    furnish(store)
    sent(store, bundle("ask"))
    yield store
    store.close()


OFTEN: Final = ("denied", "cut", "granted", "cancel", "send-elsewhere")
SEEN: dict[str, int] = {}


@pytest.mark.shall("PAS 2.2.1/spec-30")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["ask", "approve", "review", "conflict", "not-yet", "medicare"]),
    items=st.integers(1, 3),
    path=st.lists(st.sampled_from(OFTEN) | st.sampled_from(sorted(STEPS)), max_size=4),
)
def test_whatever_is_done_to_a_case_only_a_signed_decision_is_a_denial(
    walked: Store, name: str, items: int, path: list[str]
) -> None:
    number = sent(walked, bundle(name, items=items, quantity=2))
    for act in path:
        STEPS[act](walked, number)
    answer = stands(walked, number)
    assert [one.sequence for one in answer.results] == list(range(1, items + 1))
    decisions = {row["item"]: row for row in rows(walked, t.decision, case_no=number)}
    for one in answer.results:
        SEEN[one.action] = SEEN.get(one.action, 0) + 1
        of_case, _, place = one.administration.rpartition("-")
        row = decisions.get(int(place)) if of_case == number else None
        if one.action == "A3":
            assert row is not None
            assert (row["kind"], bool(row["signer"]), bool(row["licence"])) == ("adverse", True, True)
        if row is not None:
            assert (one.reviewer is not None) == (row["signer"] is not None and row["kind"] in BY_PEOPLE)


def test_the_walk_came_by_every_action() -> None:
    assert set(SEEN) >= {"A1", "A3", "A4", "A6", "C", "CT"}, SEEN


def test_a_decision_in_part_denies_what_is_not_approved_of_it(plan: Store) -> None:
    number = sent(plan, bundle("ask", quantity=2, items=2))
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, DecideInPart(case=number, licence=LICENCE, reasons=(REASON,), quantities={1: 1, 2: 0}), DIRECTOR)
    answer = stands(plan, number)
    assert [one.action for one in answer.results] == ["A6", "A3"]
    assert answer.results[0].grant is not None
    assert (answer.results[0].grant.quantity, answer.results[0].quantity) == (1, 2)
