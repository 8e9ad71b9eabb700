"""Until when an appeal is filed, from the mailing record, and the clock of its decision."""

from __future__ import annotations

import pytest

from priorauth.ledger.clocks import due as d
from priorauth.ledger.clocks import happened as h
from priorauth.ledger.clocks.appeals import decision_clock, file_by
from priorauth.ledger.clocks.load import shipped
from priorauth.ledger.clocks.rules import Level
from tests.ledger.clocks.drawn import NEW_YORK
from tests.ledger.clocks.reading import WORKED, moment


def level(appeals: str, name: str) -> Level:
    found = shipped().appeals[appeals]
    return next(one for one in (*found.levels, *found.external) if one.id == name)


@pytest.mark.parametrize("case", WORKED["filing"], ids=lambda case: case["says"])
def test_an_appeal_is_filed_until_the_day_that_was_worked_by_hand(case: dict[str, str]) -> None:
    found = file_by(level(case["appeals"], case["level"]), moment(case["sent"], NEW_YORK), NEW_YORK)
    assert found is not None
    assert found.at == moment(case["by"], NEW_YORK)


def test_a_notice_that_came_later_than_presumed_counts_from_when_it_came() -> None:
    sent = moment("2026-11-02 17:00", NEW_YORK)
    early, late = (
        file_by(level("masshealth", "fair-hearing"), sent, NEW_YORK, moment(text, NEW_YORK))
        for text in ("2026-11-04 09:00", "2026-11-12 09:00")
    )
    assert early is not None
    assert late is not None
    assert (early.at, late.at) == (moment("2027-01-06", NEW_YORK), moment("2027-01-11", NEW_YORK))


def test_what_nobody_has_to_file_has_no_day() -> None:
    assert level("medicare-advantage", "independent-review").automatic
    assert file_by(level("medicare-advantage", "independent-review"), moment("2026-11-02", NEW_YORK), NEW_YORK) is None


def test_whether_the_figures_were_read_stands_beside_the_day() -> None:
    sent = moment("2026-11-02 17:00", NEW_YORK)
    read, unread = (file_by(level(name, "internal"), sent, NEW_YORK) for name in ("connecticut", "erisa"))
    assert read is not None
    assert unread is not None
    assert (read.verified, unread.verified) == (True, False)


def test_a_fast_reconsideration_is_decided_in_72_hours_and_one_of_a_drug_in_seven_days() -> None:
    appeals = shipped().appeals["medicare-advantage"]
    received = (h.Received(moment("2026-11-02 10:00", NEW_YORK)),)
    fast = decision_clock(appeals, appeals.levels[0], "expedited", "pre-service")
    drug = decision_clock(appeals, appeals.levels[0], "standard", "part-b-drug")
    assert fast is not None
    assert drug is not None
    assert d.due(fast, received, NEW_YORK) == d.Due(moment("2026-11-05 10:00", NEW_YORK))
    assert d.due(drug, received, NEW_YORK) == d.Due(moment("2026-11-09", NEW_YORK))


def test_a_level_whose_time_to_decide_was_not_read_has_no_clock() -> None:
    appeals = shipped().appeals["georgia"]
    assert decision_clock(appeals, appeals.levels[0], "standard", "pre-service") is None
