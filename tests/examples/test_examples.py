"""The examples are what their script makes, and each shows the outcome it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples import build
from priorauth import determine

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
OUTCOMES = {
    "approve": "approve",
    "ask": "request-information",
    "conflict": "clinical-review",
    "not-yet": "not-yet",
    "review": "clinical-review",
    "replacement": "approve",
    "medicare": "approve",
}


def test_the_files_are_what_the_script_makes() -> None:
    assert {path.name: path.read_text("utf-8") for path in EXAMPLES.glob("*.json")} == build.files()


@pytest.mark.parametrize(("name", "outcome"), OUTCOMES.items())
def test_each_example_shows_its_outcome(name: str, outcome: str) -> None:
    assert [found.outcome for found in determine((EXAMPLES / f"{name}.json").read_bytes())] == [outcome]
