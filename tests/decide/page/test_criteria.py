"""Criteria looked up: their names, what stands above each, and those that an outcome rests on."""

from __future__ import annotations

import pytest

from priorauth.decide.decided import Assessed
from priorauth.decide.page.criteria import Criteria, best, judged, named
from tests.casebook.kept import kept
from tests.pages import EXAMPLES, decided

ASK = Criteria(decided(EXAMPLES / "ask.json")[0])
APPROVE = Criteria(decided(EXAMPLES / "approve.json")[0])
ANTHEM = Criteria(decided(kept("own/anthem-pregnant-without-insulin"))[0])


def test_a_criterion_is_named_by_its_title_with_its_id_after_it() -> None:
    assert ASK.name("II.A.T.7") == "Most recent HbA1c above 7.0 percent (II.A.T.7)"
    assert ASK.name("no such") is None


def test_the_deepest_criterion_that_holds_all_is_found() -> None:
    assert ANTHEM.common([("1.a",), ("1.d", "3")]) == "1"
    assert ANTHEM.common([("2",), ("3",), ("1.a",)]) == "MN.0"
    assert ANTHEM.common([]) is None


def test_an_approval_rests_on_the_deepest_numbered_criteria() -> None:
    found = [one.id for one in APPROVE.decisive]
    assert "II.A.T.8.a" in found
    assert "II.A.T.8" not in found


def test_many_rows_of_one_kind_are_said_in_one_go() -> None:
    tests = next(one for one in APPROVE.decisive if one.id == "II.A.T.5")
    assert best(tests) == "at least 5 a day: 150 times meter reading, 22 Oct to 20 Nov 2026"


def test_a_criterion_without_title_bears_that_of_its_first_part() -> None:
    root = ANTHEM.by_id["MN.0"]
    assert named(root.parts[1]) == "Group 1, all of a to e"


def test_papers_that_are_stated_and_not_seen_are_listed() -> None:
    assert ASK.stated == ("prescription_signed_on", "letter_of_medical_necessity_signed_on")


@pytest.mark.parametrize(
    ("test", "asked"),
    [
        ("judged high_risk_of_complications", ("High risk",)),
        ("refused no_cheaper_equivalent", ("High risk",)),
        ("latest hba1c > 7.0 %", ()),
        ("motivated", ()),
    ],
)
def test_what_only_a_clinician_says_or_refuses_is_to_judge(test: str, asked: tuple[str, ...]) -> None:
    part = Assessed("1.a", "High risk", "unknown", None, None, False, (), (), (), test=test)  # as it stands
    whole = Assessed("1", "Either", "unknown", None, None, False, (), (), (part,))  # as it stands
    assert judged(whole) == asked
