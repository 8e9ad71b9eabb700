"""Rows as parameters of CQL: every number as it is held here, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.engines.cql.parameters import parameters
from priorauth.engines.cql.pieces import LARGEST, Unsayable
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Event, Measurement, Period, Row, Source, Whole
from priorauth.values.dates import LAST_DAY


def rows(*given: Row, fact: str) -> dict[str, Any]:
    return parameters(Case(739_941, by_fact(given)), (fact,))


def test_a_result_above_a_bound_has_an_open_end() -> None:
    row = Measurement("hba1c", Source.RECORD, "a", 5, 35, 7, 140, None, low_open=True, specimen="s")
    assert rows(row, fact="hba1c")["hba1c rows"] == [
        {
            "source": "record",
            "firstDay": 5,
            "lastDay": 35,
            "instant": 7,
            "low": 140,
            "high": None,
            "lowOpen": True,
            "highOpen": False,
            "specimen": "s",
            "fault": False,
        }
    ]


def test_a_result_that_could_not_be_converted_says_so() -> None:
    (row,) = rows(Measurement("hba1c", Source.ANSWER, "a", 5, 5, fault="unit"), fact="hba1c")["hba1c rows"]
    assert row["fault"]
    assert row["low"] is row["high"] is None


def test_a_period_that_still_holds_ends_on_the_last_day_there_is() -> None:
    (row,) = rows(Period("diabetes", Source.RECORD, "d", 5, 6), fact="diabetes")["diabetes rows"]
    assert (row["startFirst"], row["startLast"], row["endLast"]) == (5, 6, LAST_DAY)


def test_a_statement_of_wholeness_stands_apart_from_the_rows() -> None:
    found = rows(Whole("visit", Source.ANSWER, "w", 1, 9), Event("visit", Source.RECORD, "e", 3, 3), fact="visit")
    assert found["visit whole"] == [{"source": "answer", "firstDay": 1, "lastDay": 9}]
    assert len(found["visit rows"]) == 1


def test_a_fact_without_rows_is_an_empty_list_for_the_engine_reads_nothing_else_as_none() -> None:
    found = rows(fact="hba1c")
    assert found == {"as of": 739_941, "settled": [], "hba1c rows": [], "hba1c whole": []}


def test_a_clinicians_word_on_a_criterion_goes_with_every_case() -> None:
    found = rows(Answer("settle.II.A.T.7", Source.JUDGMENT, "j", "yes", 5, 5), fact="hba1c")
    assert [(word["fact"], word["text"]) for word in found["settled"]] == [("settle.II.A.T.7", "yes")]


@pytest.mark.parametrize("value", [LARGEST + 1, -LARGEST - 1])
def test_a_number_beyond_32_bits_is_refused_by_its_reference(value: int) -> None:
    with pytest.raises(Unsayable, match="cost-1: "):
        rows(Measurement("repair_cost", Source.RECORD, "cost-1", 5, 5, None, value, value), fact="repair_cost")


def test_the_largest_integer_of_cql_goes_through() -> None:
    row = Measurement("repair_cost", Source.RECORD, "cost-1", 5, 5, None, LARGEST, LARGEST)
    assert rows(row, fact="repair_cost")["repair_cost rows"][0]["low"] == LARGEST
