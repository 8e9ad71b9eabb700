"""``priorauth documents check``, and ``read`` with the reader of somebody else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, printed, refusal
from tests.documents.test_installed import put

TEXT = (
    "HARBOR CLINIC   Progress note\nPatient: Jane Roe   DOB 3/4/1980\nDate of service: 10/06/2026\n\nA1c 8.4 % today.\n"
)
ROW = {"fact": "hba1c", "value": "8.4 %", "date": "2026-10-06", "quote": "A1c 8.4 %", "page": 1}


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A note as a file."""
    path = tmp_path / "note.txt"
    path.write_text(TEXT, "utf-8")
    return path


def proposals(folder: Path, *rows: object) -> Path:
    path = folder / "proposals.json"
    path.write_text(json.dumps({"by": "acme 2", "facts": rows}), "utf-8")
    return path


def test_what_stands_is_printed_as_our_own_reader_prints_it(letter: Path, capsys: Capture) -> None:
    found = json.loads(printed(capsys, "documents", "check", letter, proposals(letter.parent, ROW)))
    assert [(one["fact"], one["value"], one["by"]) for one in found["facts"]] == [("hba1c", "8.4 %", "outside: acme 2")]
    assert found["refused"] == []


def test_what_is_refused_has_its_index_and_its_reason_and_the_exit_code_is_1(letter: Path, capsys: Capture) -> None:
    listed = proposals(letter.parent, ROW, {**ROW, "value": "9 %"})
    code, out, err = asked(capsys, "documents", "check", letter, listed)
    assert (code, err) == (1, "")
    assert json.loads(out)["refused"] == [{"index": 1, "reason": "value: the words say 8.4 %"}]


def test_what_is_no_file_of_proposals_is_refused_in_one_line(letter: Path, capsys: Capture) -> None:
    assert "the proposals: expected JSON" in refusal(capsys, "documents", "check", letter, letter)


def test_what_our_own_reader_prints_can_be_checked(letter: Path, capsys: Capture) -> None:
    own = json.loads(printed(capsys, "documents", "read", letter))
    listed = letter.parent / "own.json"
    listed.write_text(json.dumps({"by": "our own", **own}), "utf-8")
    found = json.loads(printed(capsys, "documents", "check", letter, listed))
    assert [one["quote"] for one in found["facts"]] == [one["quote"] for one in own["facts"]]


def test_an_installed_reader_proposes_instead_of_ours(
    letter: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(letter.parent / "site", monkeypatch)
    found = json.loads(printed(capsys, "documents", "read", letter, "--reader", "words"))
    assert [one["by"] for one in found["facts"]] == ["outside: words"]
    assert found["notes"] == ["facts[1] refused: value: the words say 8.4 %"]


def test_a_reader_that_is_not_installed_is_refused(letter: Path, capsys: Capture) -> None:
    assert "no reader 'acme' is installed" in refusal(capsys, "documents", "read", letter, "--reader", "acme")
