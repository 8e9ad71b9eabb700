"""What is said of an item in words: of a decision its reasons, of a program's finding nothing that would exclude."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from msgspec import structs

from priorauth import determine
from priorauth.decide.decided import ReasonGiven
from priorauth.exchange.pas import notes
from priorauth.ledger.whole import Approval, Decision, Item, Reason
from tests.ledger.house import REASON, example

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
ITEM = Item(item=1, product="E0784", quantity=15, status="open", outcome=None, pathway=None, about={})
GRANT = Approval(
    number="26-1-1", item=1, decision=1, product="E0784", quantity=10, valid_from=DAY, valid_until=None, terms={}
)


def decided(kind: str, **more: Any) -> Decision:
    known = {"number": 1, "item": 1, "at": AT, "on_day": DAY, "kind": kind, "run": 1, "quantity": 10, "signer": "dora"}
    return Decision(**{**known, "role": "director", "licence": "MA-1", "why": "because", **more})


def test_a_signed_decision_cites_the_criterion_with_its_title_and_all_four_parts() -> None:
    (made,) = determine(example("ask"))
    reason = Reason(**structs.asdict(REASON))
    said = list(notes.of("A6", ITEM, decided("part", reasons=(reason,)), GRANT, made))
    assert said[0] == "approved in part on 2026-11-24, under masshealth/insulin-pumps, version undated"
    assert said[1].startswith("II.A.T.7 (Most recent HbA1c above 7.0 percent): the policy asks ")
    assert all(part in said[1] for part in (REASON.asks, REASON.found, REASON.why_not, REASON.would_show))
    assert said[2:] == ["approved are 10 of 15", notes.RIGHT]


def test_what_the_law_authorized_says_so() -> None:
    (said,) = notes.of("A1", ITEM, decided("by-law"), GRANT, None)
    assert said == "approved on 2026-11-24, for a clock that the law sets was missed"


def test_what_was_taken_back_says_when_its_approval_ended() -> None:
    ended = structs.replace(GRANT, ends=DAY)
    assert list(notes.of("C", ITEM, decided("approve"), ended, None)) == [
        "cancelled by who asked on 2026-11-24",
        "the approval 26-1-1 ended on 2026-11-24",
    ]


def test_what_was_sent_elsewhere_says_where() -> None:
    said = list(notes.of("CT", ITEM, decided("elsewhere", why="to the drug plan"), None, None))
    assert said == ["not decided here on 2026-11-24", "to the drug plan"]


def test_a_reason_that_rests_on_an_exclusion_is_left_to_a_clinician() -> None:
    (made,) = determine(example("review"))
    root = structs.replace(made.criteria[0], id="X.1", role="exclusion", parts=())
    reasons = (*made.reasons, ReasonGiven("X.1", "it is excluded"))
    excluded = structs.replace(made, criteria=(*made.criteria, root), reasons=reasons)
    said = list(notes.found(excluded))
    assert not any("X.1" in one for one in said)
    assert any(reason.text in one for reason in made.reasons for one in said)


def test_when_it_can_be_decided_is_said() -> None:
    (made,) = determine(example("not-yet"))
    assert f"first day on which it can be decided: {made.decide_after}" in list(notes.found(made))


def test_sides_of_a_conflict_are_said() -> None:
    (made,) = determine(example("conflict"))
    assert any(": conflict: " in one for one in notes.found(made))
