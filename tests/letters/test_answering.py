"""An answer helps until the law's least time, else half of what is left, and never after a clock that runs on."""

from msgspec import structs

from priorauth.letters.answering import answer_by
from priorauth.letters.lines import owed
from tests.letterbook import at, clock


def test_massachusetts_gives_four_days_to_mend_but_never_more_than_the_clock() -> None:
    right, running = owed("masshealth", "MA"), clock("masshealth")
    assert answer_by(right, running, at(20, 9)) == at(24, 9)
    assert answer_by(right, running, at(26, 9)) == running.due


def test_where_the_law_names_no_time_half_of_what_is_left_is_given() -> None:
    assert answer_by(owed("uhc-ma", "CT"), clock("uhc-ma"), at(25, 12)) == at(26, 12)


def test_where_asking_stops_the_clock_there_are_forty_five_days() -> None:
    assert answer_by(owed("anthem-erisa", "OH"), clock("anthem-erisa"), at(24, 9)) == at(8, 9, month=12).replace(
        year=2027, month=1
    )


def test_where_it_is_urgent_there_are_forty_eight_hours() -> None:
    fast = structs.replace(clock("anthem-erisa"), fast=True)
    assert answer_by(owed("anthem-erisa", "OH"), fast, at(24, 9)) == at(26, 9)
