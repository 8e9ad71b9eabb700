"""The figures of a year, for people and as JSON, with the cases behind each."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.ledger.small import small
from tests.cli.running import Capture, printed, refusal


def test_a_year_is_told_with_what_is_not_known_as_not_known(tmp_path: Path, capsys: Capture) -> None:
    page = printed(capsys, "ledger", "metrics", 2026, "--db", small(tmp_path))
    assert "medicaid-ffs: 2 requests decided, 0 of them approved in part" in page
    assert "standard requests approved" in page
    assert "50.00 %  1 of 2" in page
    assert "not known  0 of 0" in page
    assert "criterion II.A.T.7: 1 denied, 0 appeals decided, overturned not known" in page


def test_a_year_as_json_has_the_query_of_each_figure(tmp_path: Path, capsys: Capture) -> None:
    found = json.loads(printed(capsys, "ledger", "metrics", 2026, "--db", small(tmp_path), "--json"))
    shares = {one["id"]: one for one in found["parts"][0]["shares"]}
    assert shares["standard-approved"]["percent"] == 50.0
    assert shares["expedited-approved"]["percent"] is None
    assert shares["standard-approved"]["query"].startswith("WITH")
    assert found["parts"][0]["times"][0]["untimed"] == 1


def test_the_cases_behind_a_figure_are_named(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    page = printed(capsys, "ledger", "metrics", 2026, "--db", url, "--cases", "standard-denied")
    assert page == "medicaid-ffs: 26-0003\n"
    found = json.loads(printed(capsys, "ledger", "metrics", 2026, "--db", url, "--cases", "standard-time", "--json"))
    assert found == [{"line": "medicaid-ffs", "contract": None, "cases": ["26-0001"]}]


def test_what_was_mailed_later_is_not_known_yet(tmp_path: Path, capsys: Capture) -> None:
    url = small(tmp_path)
    for day, timed in (("2026-11-24", []), ("2026-11-25", ["26-0001"])):
        words = ("ledger", "metrics", 2026, "--db", url, "--known", day, "--cases", "standard-time", "--json")
        assert json.loads(printed(capsys, *words))[0]["cases"] == timed


def test_a_figure_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path, capsys: Capture) -> None:
    said = refusal(capsys, "ledger", "metrics", 2026, "--db", small(tmp_path), "--cases", "none")
    assert "expected one of standard-approved, standard-denied" in said
