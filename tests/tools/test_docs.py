"""What the docs show of the program is what it prints today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from priorauth.ledger.clocks.load import shipped
from tools import docs

ROOT = Path(__file__).parent.parent.parent
DIALOGUES: list[dict[str, Any]] = json.loads((ROOT / "examples" / "dialogues" / "requests.json").read_bytes())


def shown(name: str) -> str:
    """Give a document, which must not be stale."""
    text = (ROOT / name).read_text("utf-8")
    assert docs.FILLED[name](text) == text
    return text


def test_the_transcript_in_the_readme_is_not_stale() -> None:
    assert "Missing" in shown("README.md")


def test_the_twelve_pages_in_the_docs_are_not_stale() -> None:
    text = shown("docs/pages.md")
    assert len(docs.MARKED.findall(text)) == 12
    assert text.count("before, by commit 901b434") == 12


def test_the_dialogues_are_not_stale() -> None:
    assert docs.MARK in shown("docs/questions.md")
    assert len(DIALOGUES) == 3


def test_the_table_of_clocks_is_not_stale() -> None:
    text = shown("docs/clocks.md")
    assert all(f"`{name}`" in text for name in shipped().clocks)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda one: one["title"])
def test_every_request_is_answered_to_the_end_and_nothing_is_asked_twice(dialogue: dict[str, Any]) -> None:
    answered: set[str] = set()
    for found, given in docs.turns(dialogue):
        assert answered.isdisjoint(question.fact for question in found.questions)
        answered |= set(given)
        last = found
    assert (last.outcome, last.questions) == ("approve", ())
    assert answered == set(dialogue["answers"])
