"""A template is given what is counted and looked up for its kind."""

import datetime as dt

from msgspec import structs

from priorauth.letters import kinds as k
from priorauth.letters.view import continued, title, view
from tests.letterbook import decided, facts


def test_a_trial_says_what_continued_use_asks_in_the_policys_own_titles() -> None:
    asked = continued(decided("examples/approve.json"))
    assert asked[0] == "Still motivated to keep glucose under good control"
    assert "HbA1c stable or better than at the last approval" in asked
    assert len(asked) == 9


def test_a_policy_without_continued_use_asks_nothing_more() -> None:
    assert continued(decided("examples/medicare.json")) == ()


def test_the_heading_says_whether_all_a_part_or_less_than_before_is_approved() -> None:
    letter = facts("adverse")
    assert isinstance(letter.says, k.Adverse)
    actions = ("whole", "part", "reduction")
    said = [title(structs.replace(letter, says=structs.replace(letter.says, action=one))) for one in actions]
    assert said == [
        "Your request is not approved",
        "A part of your request is approved",
        "We will pay for less from now on",
    ]


def test_a_hearing_about_delay_may_be_asked_for_120_days_from_the_request() -> None:
    assert view(facts("missed-clock"))["hearing_by"] == dt.date(2027, 3, 20)


def test_a_decision_told_by_phone_is_written_within_three_days_for_medicare_members() -> None:
    assert view(facts("oral-notice", "uhc-ma"))["written_by"] == dt.date(2026, 11, 27)
