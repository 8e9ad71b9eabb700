"""``priorauth population compare``: who gains and who loses."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from tests.cli.population.two import place, population
from tests.cli.running import Capture

__all__ = ["place"]


def test_a_comparison_says_who_loses_under_a_stricter_policy(place: Path, capsys: Capture) -> None:
    assert population(place, "compare", "--against", "payer-x/strict") == 0
    page = capsys.readouterr().out
    assert page.startswith("2 members: payer-x/pumps against payer-x/strict\n")
    assert "  approve -> clinical-review  1  such as Patient/0\n" in page
    assert page.endswith("\n  1 HbA1c above 7  1  such as Patient/0\n")


def test_a_comparison_as_json_has_both_sides(place: Path, capsys: Capture) -> None:
    assert population(place, "compare", "--against", "payer-x/strict", "--json") == 0
    assert json.loads(capsys.readouterr().out)["members"] == 2


def test_witnesses_can_be_left_out_and_every_change_be_written_to_a_file(place: Path, capsys: Capture) -> None:
    out = place / "changed.parquet"
    assert population(place, "compare", "--against", "payer-x/strict", "--witnesses", "0", "--out", str(out)) == 0
    assert "Patient/" not in capsys.readouterr().out
    assert pq.read_table(out, columns=["patient", "after"]).to_pylist() == [
        {"patient": "Patient/0", "after": "clinical-review"}
    ]


def test_the_json_names_witnesses_of_each_change(place: Path, capsys: Capture) -> None:
    assert population(place, "compare", "--against", "payer-x/strict", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["witnesses"] for one in (*found["outcomes"], *found["lost_by"])] == [["Patient/0"], ["Patient/0"]]


def test_a_comparison_does_not_write_among_its_tables(place: Path, capsys: Capture) -> None:
    out = place / "tables" / "changed.parquet"
    assert population(place, "compare", "--against", "payer-x/strict", "--out", str(out)) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


def test_a_comparison_with_nothing_is_refused(place: Path, capsys: Capture) -> None:
    assert population(place, "compare") == 2
    assert capsys.readouterr().err == "expected --against ID or --reading NAME=VALUE: what to compare with\n"
