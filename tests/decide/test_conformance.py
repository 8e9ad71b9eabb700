"""The Python engine answers every conformance file as it was written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from priorauth.engines.python.finding import Finding
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.values import strict_yaml
from priorauth.values.strict_yaml import Mapping as Map
from tests import asking

HERE = Path(__file__).parent.parent / "conformance"


def _cases() -> list[ParameterSet]:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        top = strict_yaml.read_file(path)
        for case in top["cases"]:
            assert isinstance(case, Map)
            found.append(pytest.param(path, top, case, id=f"{path.stem}: {case['name']}"))
    return found


@pytest.mark.parametrize(("path", "top", "case"), _cases())
def test_the_engine_answers_as_written_by_hand(path: Path, top: Map, case: Map) -> None:
    finding = decided(path, top, case)
    assert finding.status == case["verdict"], finding
    if "value" in case:
        assert finding.result is not None
        assert measured(finding.result.value) == str(case["value"]).removesuffix(" d")
    if "evidence" in case:
        assert finding.result is not None
        assert sorted(row.ref for row in finding.result.rows) == sorted(str(ref) for ref in case["evidence"])
    if "why" in case:
        assert finding.result is not None
        assert str(finding.result.why) == case["why"]


def measured(value: str | None) -> str | None:
    """Give the number of a value without the words that show how it was counted: `75 % (3 of 4)`, `4 days`."""
    return None if value is None else value.split(" (")[0].removesuffix("s").removesuffix(" day").removesuffix(" a day")


def decided(path: Path, top: Map, case: Map) -> Finding:
    """Run one case through the engine."""
    criterion, rows = asking.conformance(path, top, case)
    return evaluate(criterion, View(rows, asking.heard(top)))
