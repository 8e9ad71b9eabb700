"""Each line of business owes its figures, with a citation; a state lays its own over them."""

import pytest

from priorauth.letters.facts import Line
from priorauth.letters.lines import owed
from tests.letterbook import LINES, STATES


@pytest.mark.parametrize("line", LINES)
def test_every_line_of_business_says_how_long_one_may_appeal_and_where_that_is_written(line: Line) -> None:
    right = owed(line, STATES[line])
    assert right.appeal.days
    assert right.appeal.cite
    assert right.missed.cite


def test_a_medicare_member_has_sixty_days_and_five_for_the_mail() -> None:
    right = owed("uhc-ma", "CT").appeal
    assert (right.days, right.presumed) == (60, 5)


def test_connecticut_lays_its_own_law_over_an_insured_plan() -> None:
    assert owed("anthem-insured", "CT").appeal.cite == "Conn. Gen. Stat. 38a-591e"
    assert owed("anthem-insured", "OH").appeal.cite == "29 CFR 2560.503-1(h)(3)"


def test_georgia_authorizes_by_law_what_was_not_decided_in_time_and_an_employers_plan_there_does_not() -> None:
    assert owed("caresource-qhp", "GA").missed.means == "law"
    assert owed("anthem-erisa", "GA").missed.means == "exhausted"


def test_a_figure_that_nobody_verified_is_named() -> None:
    assert list(owed("masshealth", "MA").unverified()) == ["keep: 130 CMR 610.036"]
