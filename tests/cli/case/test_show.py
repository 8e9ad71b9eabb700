"""`priorauth case show`."""

from __future__ import annotations

import json

from tests.cli.house import ledger, words
from tests.cli.running import Capture, printed, refusal

__all__ = ["ledger"]


def test_a_case_is_shown_with_its_last_run_and_what_happened(ledger: str, capsys: Capture) -> None:
    out = printed(capsys, "case", "show", "26-0001", *words(ledger, "nina", "nurse"))
    assert out.startswith("26-0001: a nurse has it, version 1, due ")
    assert "CLINICAL REVIEW" in out
    assert "received" in out
    assert out.splitlines()[-1].split()[3:5] == ["read", "nina"]


def test_a_case_as_json_is_whole(ledger: str, capsys: Capture) -> None:
    found = json.loads(printed(capsys, "case", "show", "26-0001", *words(ledger), "--json"))
    assert found["head"]["case_no"] == "26-0001"
    assert found["determinations"][0]["outcome"] == "clinical-review"


def test_a_case_that_is_not_there_or_not_hers_is_refused(ledger: str, capsys: Capture) -> None:
    assert "no case 26-0009" in refusal(capsys, "case", "show", "26-0009", *words(ledger))
    assert "no case 26-0001" in refusal(capsys, "case", "show", "26-0001", *words(ledger, "otto", "coordinator"))
