"""A comparison of two policies over the same members: who gains, who loses, and by which criterion."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from priorauth.engines.sql.compile import Query, compile_policy
from priorauth.population import tables
from priorauth.population.compare import compare
from tests import asking
from tests.population.small import VOCABULARY, policy, step

MEMBERS = (
    "{hba1c: [{on: 2026-10-02, value: 7.5 %}], motivated: yes}",
    "{hba1c: [{on: 2026-10-02, value: 6.5 %}], motivated: yes}",
    "{hba1c: [{on: 2026-10-02, value: 5.5 %}], motivated: yes}",
)


def made(line: str, name: str = "A") -> Query:
    return compile_policy(policy(step(line, name, "HbA1c"), step("motivated", f"{name}.2")), VOCABULARY)


@pytest.fixture(params=[1, 3], ids=["three buckets", "one bucket"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    cases = [(f"Patient/{n}", asking.case(given)) for n, given in enumerate(MEMBERS)]
    tables.write_cases(tmp_path, cases, in_bucket=request.param)
    return tmp_path


def test_one_gains_one_loses_and_the_criterion_that_changed_is_named(folder: Path) -> None:
    one, two = made("latest hba1c > 7.0 %"), made("latest hba1c < 6.0 %")
    found = compare(folder, one, two, ("high", "low"))
    assert (found.members, found.both, found.gain, found.lose) == (3, 0, 1, 1)
    assert found.moved == (("approve", "clinical-review", 1), ("clinical-review", "approve", 1))
    assert found.gained_by == found.lost_by == (("A HbA1c", 1),)


def test_a_lower_limit_lets_one_more_in_and_nobody_out(folder: Path) -> None:
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c > 6.0 %"), ("seven", "six"))
    assert (found.both, found.gain, found.lose) == (1, 1, 0)
    assert found.lost_by == ()


def test_policies_without_ids_in_common_name_what_is_not_met(folder: Path) -> None:
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c < 6.0 %", "Z"), ("high", "low"))
    assert found.gained_by == (("A HbA1c is not met", 1),)
    assert found.lost_by == (("Z HbA1c is not met", 1),)


def test_the_json_bears_the_same_numbers(folder: Path) -> None:
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c > 6.0 %"), ("seven", "six")).as_json()
    assert (found["policy"], found["against"], found["gain"]) == ("seven", "six", 1)
    assert found["gained_by"] == [{"reason": "A HbA1c", "members": 1}]


def test_the_commonest_reason_comes_first(tmp_path: Path) -> None:
    gains = "{hba1c: [{on: 2026-10-02, value: 6.5 %}], motivated: MOTIVATED, follows_diet_and_exercise: yes}"
    cases = [asking.case(gains.replace("MOTIVATED", said)) for said in ("yes", "yes", "no")]
    tables.write_cases(tmp_path, ((f"Patient/{n}", case) for n, case in enumerate(cases)), in_bucket=2)
    one, two = (
        compile_policy(policy(step(line, "A"), step(said, "B")), VOCABULARY)
        for line, said in (("latest hba1c > 7.0 %", "motivated"), ("latest hba1c > 6.0 %", "follows_diet_and_exercise"))
    )
    found = compare(tmp_path, one, two, ("one", "two"))
    assert [(reason.partition(" ")[0], count) for reason, count in found.gained_by] == [("A", 3), ("B", 1)]
    assert found.moved == (("clinical-review", "approve", 3),)


def test_each_change_names_the_first_members_by_number_whatever_the_buckets(tmp_path: Path) -> None:
    values = ("7.5", "6.5", "5.5", "6.6", "6.7", "6.8", "8.0")
    cases = [asking.case(f"{{hba1c: [{{on: 2026-10-02, value: {value} %}}], motivated: yes}}") for value in values]
    found = []
    for in_bucket in (1, 3, 10):
        place = tmp_path / str(in_bucket)
        tables.write_cases(place, ((f"Patient/{n}", case) for n, case in enumerate(cases)), in_bucket=in_bucket)
        one, two = made("latest hba1c > 7.0 %"), made("latest hba1c > 6.0 %")
        found.append(compare(place, one, two, ("seven", "six"), witnesses=2))
    assert found[0].movers["clinical-review", "approve"] == ("Patient/1", "Patient/3")
    assert found[0].gainers == {"A HbA1c": ("Patient/1", "Patient/3")}
    assert found[0].losers == {}
    assert found[0] == found[1] == found[2]
    assert found[0].gain == 4


def test_no_witness_is_named_unless_asked_for(folder: Path) -> None:
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c > 6.0 %"), ("seven", "six"))
    assert "Patient/" not in str(found)
    assert "witnesses" not in str(found.as_json())


def test_the_file_has_a_row_for_each_member_whose_outcome_changed_and_nobody_else(folder: Path) -> None:
    out = folder / "changed.parquet"
    found = compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c < 6.0 %"), ("high", "low"), out=out)
    rows = pq.read_table(out).to_pylist()
    assert len(rows) == sum(count for _, _, count in found.moved)
    assert rows == [
        {
            "patient": "Patient/0",
            "before": "approve",
            "after": "clinical-review",
            "criteria": [{"criterion": "A", "before": "met", "after": "not-met"}],
        },
        {
            "patient": "Patient/2",
            "before": "clinical-review",
            "after": "approve",
            "criteria": [{"criterion": "A", "before": "not-met", "after": "met"}],
        },
    ]


def test_of_policies_without_ids_in_common_the_file_names_what_is_not_met_on_either_side(folder: Path) -> None:
    out = folder / "changed.parquet"
    compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c < 6.0 %", "Z"), ("high", "low"), out=out)
    criteria = [row["criteria"] for row in pq.read_table(out).to_pylist()]
    assert criteria == [
        [{"criterion": "Z", "before": None, "after": "not-met"}],
        [{"criterion": "A", "before": "not-met", "after": None}],
    ]


def test_where_nobody_changes_the_file_has_its_columns_and_no_row(folder: Path) -> None:
    out = folder / "changed.parquet"
    compare(folder, made("latest hba1c > 7.0 %"), made("latest hba1c > 7.0 %"), ("one", "two"), out=out)
    assert pq.read_table(out).schema.names == ["patient", "before", "after", "criteria"]
    assert pq.read_metadata(out).num_rows == 0
