"""What is missing: numbered, by criterion, alternatives as alternatives, what is on file and why it is not enough."""

from __future__ import annotations

import re

from priorauth.decide.decided import Ask
from priorauth.decide.page.asked import _partner
from tests.pages import of_case, shown, together


def test_who_answers_stands_at_the_right_of_what_is_missing() -> None:
    assert [line.split()[-1] for line in shown("ask").splitlines() if re.match(r"  \d  ", line)] == ["prescriber"] * 2


def test_what_is_missing_says_the_title_who_answers_and_why_what_is_on_file_does_not_count() -> None:
    text = together(shown("ask"))
    assert "1 Most recent HbA1c above 7.0 percent (II.A.T.7) What is the most recent HbA1c in %" in text
    assert "on file: 8.7 %, 15 Jul 2025, laboratory result: too old (counts from 21 Nov 2025)" in text
    assert "exception possible" not in text


def test_alternatives_are_one_thing_with_the_days_that_are_missing() -> None:
    text = together(shown("ask"))
    assert "2 At least four glucose tests a day (II.A.T.5) send one of: meter download · " in text
    assert "days missing: 22 Oct to 20 Nov 2026" in text


def test_large_alternatives_stand_a_line_each_under_their_own_criterion() -> None:
    text = of_case("own/anthem-pregnant-without-insulin")
    assert "REQUEST INFORMATION: 1 thing is missing" in text
    for title in (
        "Group 2, pregnant or planning pregnancy (2): ",
        "Group 3, used a pump",
        "Group 1, all of a to e (1): ",
    ):
        assert f"     - {title}" in text


def test_a_question_that_bears_on_no_criterion_is_its_own_title() -> None:
    assert "  1  What is requested: a first pump, continued use" in of_case("own/caresource-kind-unknown")


def test_what_three_alternatives_need_beside_their_own_is_said_once() -> None:
    choices = [Ask(all=(fact, "shared")) for fact in ("a", "b", "c")]
    assert _partner(choices) == "shared"
    assert _partner(choices[:2]) is None
    assert _partner([*choices[:2], "shared"]) is None


def test_of_facts_that_as_many_alternatives_need_the_first_is_said_once_whatever_the_order_of_hashes() -> None:
    facts = tuple("hgfedcba")
    assert _partner([Ask(all=(*facts, other)) for other in ("x", "y", "z")]) == "h"
    assert _partner([Ask(all=(*reversed(facts), other)) for other in ("x", "y", "z")]) == "a"
