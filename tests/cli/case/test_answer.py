"""`priorauth case answer`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_answers_make_a_new_run(ledger: str, capsys: Capture, tmp_path: Path) -> None:
    printed(capsys, "case", "receive", "examples/ask.json", *words(ledger, "cora", "coordinator"))
    form = tmp_path / "answers.json"
    bundle = json.loads(Path("examples/ask.json").read_bytes())
    claim = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Claim")
    said = {"resourceType": "QuestionnaireResponse", "id": "a", "status": "completed", "subject": claim["patient"]}
    form.write_text(json.dumps({**said, "authored": claim["created"], "item": []}), "utf-8")
    out = printed(capsys, "case", "answer", "26-0002", form, *words(ledger, "cora", "coordinator"))
    assert "run: 2" in out


def test_what_is_no_form_of_answers_is_refused(ledger: str, capsys: Capture) -> None:
    said = ("case", "answer", "26-0001", "examples/ask.json", *words(ledger, "cora", "coordinator"))
    assert "expected a QuestionnaireResponse" in refusal(capsys, *said)
