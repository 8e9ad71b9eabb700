"""A copy beside the rules, in Markdown and as JSON."""

from __future__ import annotations

import json

from priorauth.trace import page
from priorauth.trace.lay import Laid, lay
from tests.trace.invented import OLD, copy, edited, policy, traced

CHANGED = edited(("is above 8.0 percent", "is above 8.5 percent"))


def laid(text: str = OLD) -> Laid:
    return lay(copy(text), traced().rows)


def test_each_sentence_stands_with_its_place_and_its_rules() -> None:
    text = page.page(policy(), traced(), laid())
    assert "- 16 [B], page 1 line 28: **II.B**\n  The newest hemoglobin A1c, drawn" in text
    assert "- 47, page 3 line 23: **history**\n  March 2023: first version." in text
    assert text.endswith("## Rules without a sentence\n\nNone.\n")


def test_what_the_trace_does_not_know_and_what_the_copy_has_not_is_said() -> None:
    text = page.page(policy(), traced(), laid(CHANGED))
    assert "- new [B], page 1 line 28: **the trace does not know this sentence**" in text
    assert "## Sentences that the copy has not\n\n- sentence 16 [B], 64 letters: II.B" in text
    assert page.differs(traced(), laid(CHANGED))
    assert not page.differs(traced(), laid())


def test_the_summary_counts_what_carries_rules_and_what_is_something_else() -> None:
    said = page.summary(policy(), traced(), laid(CHANGED))
    assert said.startswith("fernhill/insulin-pumps@2025-01-01: 49 of 50 sentences found, 1 missing, 1 that the trace")
    assert said.endswith("0 rules have no sentence")


def test_json_has_the_same_and_no_words_of_the_text() -> None:
    found = page.as_json(policy(), traced(), laid(CHANGED))
    assert found["missing"] == [16]
    assert "hemoglobin" not in json.dumps(found)
    sentences = found["sentences"]
    assert isinstance(sentences, list)
    assert sentences[15] == {
        "at": None,
        "label": "B",
        "page": 1,
        "line": 28,
        "rules": [],
        "is": None,
        "moved": False,
    }
