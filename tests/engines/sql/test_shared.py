"""What the forms share in SQL: the two ends of a number, whether a row is dated, and which rows of a leaf count."""

from __future__ import annotations

from priorauth.engines.sql.pieces import MET, Pair
from priorauth.engines.sql.shared import Chosen, Shared, dated_row, ends
from priorauth.engines.sql.view import Sources
from priorauth.engines.sql.windows import Anchors, known
from tests import asking
from tests.population.small import VOCABULARY

SHARED = Shared(Sources(VOCABULARY, Anchors(None, {}), frozenset()))


def test_only_a_measurement_has_open_ends() -> None:
    assert ends("r", "measurement").low_open == "r.low_open"
    assert (ends("r", "period").low, ends("r", "period").high) == ("r.low", "r.high")
    assert ends("r", "period").low_open != "r.low_open"


def test_a_row_whose_span_is_all_days_bears_no_date() -> None:
    assert dated_row("r").startswith("NOT (r.first = ")


def test_a_record_is_whole_from_birth_where_the_window_begins_before_it() -> None:
    day = known(asking.case("{}").as_of)
    whole, join = SHARED.whole("hba1c", day, day, alias="w")
    assert f"greatest({day.text}, s.born)" in join
    assert join.count(" AS w") == 1
    assert whole.startswith("(w.seat IS NOT NULL OR ")


def test_a_row_counts_for_certain_where_it_may_count_and_cannot_fail() -> None:
    row = Chosen("rows", SHARED.frame(()), "", MET, Pair("may", "not_sure"), MET)
    assert (row.can, row.sure) == ("may", "may AND NOT not_sure")
    assert Chosen("rows", SHARED.frame(()), "", MET, MET, MET).sure == "TRUE"
