"""``priorauth population compare``: who gains and who loses."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.population.two import place, population
from tests.cli.running import Capture

__all__ = ["place"]


def test_a_comparison_says_who_loses_under_a_stricter_policy(place: Path, capsys: Capture) -> None:
    assert population(place, "compare", "--against", "payer-x/strict") == 0
    page = capsys.readouterr().out
    assert page.startswith("2 members: payer-x/pumps against payer-x/strict\n")
    assert "  approve -> clinical-review  1\n" in page
    assert page.endswith("\n  1 HbA1c above 7  1\n")


def test_a_comparison_as_json_has_both_sides(place: Path, capsys: Capture) -> None:
    assert population(place, "compare", "--against", "payer-x/strict", "--json") == 0
    assert json.loads(capsys.readouterr().out)["members"] == 2


def test_a_comparison_with_nothing_is_refused(place: Path, capsys: Capture) -> None:
    assert population(place, "compare") == 2
    assert capsys.readouterr().err == "expected --against ID or --reading NAME=VALUE: what to compare with\n"
