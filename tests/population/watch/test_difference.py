"""The difference of two days: who is new or gone, whose outcome or criteria changed, and by what."""

from __future__ import annotations

import pyarrow as pa

from priorauth.engines.sql.compile import compile_policy
from priorauth.population.watch.difference import Difference, difference
from tests.population.small import VOCABULARY, policy, step

QUERY = compile_policy(policy(step("motivated", "A", "Motivated"), step("able_to_operate_pump", "B")), VOCABULARY)
Row = tuple[str, str, str, str]


def rows(*given: Row) -> pa.Table:
    names = ("patient", "outcome", "A", "B")
    columns = list(zip(*given, strict=True)) or [(), (), (), ()]
    return pa.table([pa.array(column, pa.string()) for column in columns], names=list(names))


STAYS = ("p1", "approve", "met", "met")


def found(before: list[Row], after: list[Row]) -> Difference:
    return difference(QUERY, rows(*before), rows(*after))


def test_who_is_new_gone_or_changed_stands_there_in_the_order_of_patients_and_nobody_else() -> None:
    made = found(
        [
            STAYS,
            ("p4", "approve", "met", "met"),
            ("p3", "clinical-review", "not-met", "met"),
            ("p5", "x", "met", "met"),
        ],
        [("p2", "approve", "met", "met"), STAYS, ("p3", "approve", "met", "met"), ("p5", "x", "met", "unknown")],
    )
    assert made.rows.to_pylist() == [
        {"patient": "p2", "change": "new", "before": None, "after": "approve", "criteria": []},
        {
            "patient": "p3",
            "change": "outcome",
            "before": "clinical-review",
            "after": "approve",
            "criteria": [{"criterion": "A", "before": "not-met", "after": "met"}],
        },
        {"patient": "p4", "change": "gone", "before": "approve", "after": None, "criteria": []},
        {
            "patient": "p5",
            "change": "criteria",
            "before": "x",
            "after": "x",
            "criteria": [{"criterion": "B", "before": "met", "after": "unknown"}],
        },
    ]
    assert made.changes == {"new": 1, "outcome": 1, "gone": 1, "criteria": 1}


def test_outcomes_and_criteria_are_counted_with_the_first_members_by_name() -> None:
    before = [(f"p{n}", "clinical-review", "not-met", "met") for n in (5, 3, 1, 2)]
    made = found(before, [(name, "approve", "met", "met") for name, *_ in before])
    assert made.moved == [("clinical-review", "approve", 4, ["p1", "p2", "p3"])]
    assert made.criteria == [("A", "not-met", "met", 4, ["p1", "p2", "p3"])]
    assert made.as_json() == {
        "new": 0,
        "gone": 0,
        "outcome": 4,
        "criteria": 0,
        "outcomes": [{"before": "clinical-review", "after": "approve", "members": 4, "witnesses": ["p1", "p2", "p3"]}],
        "by": [{"criterion": "A", "before": "not-met", "after": "met", "members": 4, "witnesses": ["p1", "p2", "p3"]}],
    }


def test_of_nobody_and_of_the_same_there_is_no_row() -> None:
    assert found([], []).rows.num_rows == found([STAYS], [STAYS]).rows.num_rows == 0
