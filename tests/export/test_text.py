"""The page that a nurse reads: what follows, what is missing, and the evidence beside each criterion."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth import determine
from priorauth.export.text import HEAD, page

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def shown(name: str) -> str:
    return page(determine((EXAMPLES / f"{name}.json").read_bytes()))


def test_an_approval_says_so_and_what_it_grants() -> None:
    text = shown("approve")
    assert HEAD["approve"] in text
    assert "Grants   3 months" in text
    assert "To ask" not in text


def test_a_question_names_who_is_asked_and_for_which_paragraph() -> None:
    text = " ".join(shown("ask").split())
    assert "What is the most recent HbA1c in %, and when was the sample taken? [prescriber: hba1c; II.A.T.7]" in text
    assert "one of these would do, for II.A.T.5" in text


def test_both_sides_of_a_conflict_stand_on_the_page() -> None:
    text = " ".join(shown("conflict").split())
    assert "II.A.T.5: self-tests of glucose within the 30 days before the request: at least 4 a day on average" in text
    assert "glucose tests as stated, at least 4 a day, on every day of the 30 days before the request: met" in text


def test_waiting_shows_the_first_day_on_which_it_can_be_decided() -> None:
    assert "first day on which it can be decided: 2026-12-14" in shown("not-yet")


def test_evidence_stands_beside_its_criterion() -> None:
    lines = shown("approve").splitlines()
    at = next(place for place, line in enumerate(lines) if "II.A.T.7" in line and line.startswith("+"))
    assert "8.4 %" in lines[at]
    assert "Observation/a1c-3" in lines[at + 1]


@pytest.mark.parametrize("name", ["approve", "ask", "conflict", "not-yet", "review", "replacement", "medicare"])
def test_no_line_runs_off_the_page_and_each_page_ends_with_its_receipt(name: str) -> None:
    text = shown(name)
    assert max(len(line) for line in text.splitlines()) <= 120
    assert text.rstrip().splitlines()[-1].startswith("Receipt  ")
