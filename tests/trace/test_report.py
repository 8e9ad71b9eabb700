"""What a new text changes, told in Markdown and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth.trace import draft, drift, report
from priorauth.trace.draft import Draft
from priorauth.trace.drift import Drift
from tests.trace.invented import ID, NEW, OLD, copy, edited, policy, traced


def made(text: str) -> tuple[Drift, Draft]:
    newer = copy(text)
    found = drift.drift(copy(OLD), newer, traced(), ID)
    return found, draft.draft(policy(), Path(policy().file).read_text("utf-8"), found, newer)


def test_a_change_is_told_with_rules_marks_and_both_texts() -> None:
    text = report.report(policy(), *made(edited(("is above 8.0 percent", "is above 8.5 percent"))), traced=True)
    assert "49 of 50 sentences stand word for word; 1 changed." in text
    assert "- II.B (HbA1c above 8.0 percent, not older than six months), line 35" in text
    assert "- II.B, line 40: 8.0 % becomes 8.5 %" in text
    assert "## changed: sentence 16, page 1 line 28 [B] -> page 1 line 28 [B]\n\nRules: II.B\n" in text
    assert "\n    - The newest hemoglobin" in text
    assert "\n    + The newest hemoglobin" in text


def test_the_same_text_changes_nothing() -> None:
    assert "50 of 50 sentences stand word for word; nothing changed." in report.report(
        policy(), *made(OLD), traced=True
    )


def test_what_is_new_is_told_by_the_rules_above_it() -> None:
    assert "No rule yet; it stands after III.3." in report.report(policy(), *made(NEW), traced=True)


def test_without_a_trace_it_says_so() -> None:
    assert "fernhill/insulin-pumps has no trace" in report.report(policy(), *made(OLD), traced=False)


def test_json_has_every_change_and_no_words_but_those_that_changed() -> None:
    found = report.as_json(policy(), *made(NEW))
    assert found["touched"] == ["effective", "I.1", "II.B", "II.C", "II.D", "IV.1"]
    assert "hemoglobin" not in json.dumps(found)
    changes = found["changes"]
    assert isinstance(changes, list)
    assert changes[3]["marks"] == [{"kind": "figure", "before": "8.0 percent", "after": "7.5 percent"}]
