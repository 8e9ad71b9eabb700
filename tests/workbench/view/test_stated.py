"""What documents state, in words: how it is said, of which days, below which criterion, and who agreed."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.documents.proposal import Proposal
from priorauth.facts.vocabulary import load
from priorauth.ledger.acts.papers import RejectProposal
from priorauth.policy.catalog import open_catalog
from priorauth.server import reads
from priorauth.workbench.view import stated
from tests.ledger import house
from tests.workbench import fax, papers
from tests.workbench.house import Desk, visit

FACTS = load()


def one(fact: str, value: str = "yes", **more: Any) -> Proposal:
    return Proposal(**{"fact": fact, "value": value, "quote": "words", "page": 1, **more})


@pytest.mark.parametrize(
    ("said", "says", "when", "how"),
    [
        (one("hba1c", "8.4 %", date="2026-11-02"), "HbA1c: 8.4 %", "2 Nov 2026", "plain"),
        (one("hba1c", "<7.0 %"), "HbA1c: below 7.0 %", "no day stands with it", "plain"),
        (
            one("insulin_injections", "4-6 /d", since="2024-01", certainty="hedged"),
            "Insulin injections: 4 to 6 a day",
            "since Jan 2024",
            "perhaps",
        ),
        (one("motivated", date="2026-11-12"), "Motivated: yes", "as of 12 Nov 2026", "plain"),
        (one("ketoacidosis", "none", polarity="denied", date="2026"), "Episode of ketoacidosis: no", "2026", "not-so"),
        (one("severe_hypoglycemia", date="2026-09-01/2026-09-30"), "Episode of severe hypoglycemia: yes",
         "1 Sep 2026 to 30 Sep 2026", "plain"),
        (
            one("letter_of_medical_necessity_signed_on", "2026-11-12", date="2026-11-12"),
            "Signed letter of medical necessity: 12 Nov 2026",
            "",
            "plain",
        ),
        (one("prescriber_credential", "physician"), "Credential of the prescriber: physician", "", "plain"),
        (one("type_1_diabetes", until="2026-01-05"), "Type 1 diabetes: yes", "until 5 Jan 2026", "plain"),
    ],
)  # fmt: skip
def test_what_is_stated_is_said_in_words(said: Proposal, says: str, when: str, how: str) -> None:
    fact = FACTS[said.fact]
    assert (stated.says(fact, said), stated.when(fact, said), stated.how(said)) == (says, when, how)


def test_a_hedge_and_a_denial_are_told_in_a_sentence() -> None:
    told = {stated.tells(one("motivated", **more)) for more in ({}, {"certainty": "hedged"}, {"polarity": "denied"})}
    assert len(told) == 3
    assert "The document says that it is not so." in told


def test_each_fact_stands_below_the_criterion_whose_test_asks_for_it_the_open_ones_first(day: Desk) -> None:
    case, _ = papers.with_letter(day)
    there = visit(day, house.NURSE)
    whole = reads.case(day.store, house.NURSE, case)
    listed = stated.whole_of(there, whole)
    asking, beside = stated.by_criterion(whole.determinations, listed)
    own = {group.id: [each.fact for each in group.stated] for group in asking}
    assert own["II.A.T.7"] == ["hba1c"]
    assert own["II.A.T.5"] == ["glucose_tests_per_day"]
    assert [group.id for group in asking][:2] == ["II.A.T.5", "II.A.T.7"]
    assert sum(map(len, own.values())) + len(beside) == len(listed)
    assert all(each.open for group in asking for each in group.stated)
    every = stated.of_criteria(whole.determinations, listed)
    assert [each.open for each in every["II.A.T.7"]] == [True]
    assert "no such" not in every
    assert "hba1c" in dict(stated.open_facts(whole.determinations))["Most recent HbA1c above 7.0 percent (II.A.T.7)"]


def test_what_is_rejected_is_kept_on_its_document_and_is_no_more_with_its_criterion(day: Desk) -> None:
    case, _ = papers.with_letter(day)
    there = visit(day, house.NURSE)
    before = reads.case(day.store, house.NURSE, case)
    (found,) = [each for each in stated.whole_of(there, before) if each.fact == "hba1c"]
    assert found.open
    assert not found.counts
    act = RejectProposal(case=case, document=found.document, proposal=found.number or 0, why="of last year")
    house.done(day.store, act, house.NURSE, day.now)
    whole = reads.case(day.store, house.NURSE, case)
    (now,) = [each for each in stated.whole_of(there, whole) if each.fact == "hba1c"]
    assert (now.word, now.said.name, now.said.why) == ("rejected", "Nina Nurse", "of last year")
    assert "II.A.T.7" not in stated.of_criteria(whole.determinations, (now,))


def test_a_document_of_another_patient_states_nothing(day: Desk) -> None:
    case, _ = papers.with_letter(day, fax.pdf(papers.OTHER))
    found = stated.read(visit(day, house.NURSE), case)[-1]
    assert found.findings is not None
    assert found.findings.set_aside
    assert stated.stated(visit(day, house.NURSE), (found,)) == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (one("hba1c", "8.4 %", date="2026-11-02"), ""),
        (one("hba1c", "high", date="2026-11-02"), "It cannot be confirmed as it stands"),
        (one("hba1c_exception_granted"), "The request itself says this"),
    ],
)
def test_what_no_document_settles_or_cannot_be_read_is_confirmed_by_nobody(said: Proposal, why: str) -> None:
    assert stated.cannot(FACTS[said.fact], said, open_catalog()).startswith(why)
    assert bool(stated.cannot(FACTS[said.fact], said, open_catalog())) == bool(why)
