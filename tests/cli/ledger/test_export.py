"""A case is handed out as one file, told with its hash."""

from __future__ import annotations

import zipfile
from ctypes.util import find_library
from pathlib import Path

from priorauth.ledger.care import archive
from priorauth.letters.paper import PANGO
from tests.cli.running import Capture, printed, refusal
from tests.parts import need


def test_a_case_is_told_with_the_hash_of_its_file(ledger: Path, capsys: Capture) -> None:
    rows = ("--out", "case.zip", "--rows-only")
    first, second = printed(capsys, "ledger", "export", "26-0001", *rows).splitlines()
    assert first.startswith("case.zip: case 26-0001, ")
    assert second == f"sha256 {archive.sha256(ledger.with_name('case.zip'))}"
    assert "not written over" in refusal(capsys, "ledger", "export", "26-0001", "--out", "case.zip")


def test_a_file_for_people_is_in_it(ledger: Path, capsys: Capture) -> None:
    need(find_library("pango-1.0"), PANGO)
    printed(capsys, "ledger", "export", "26-0001", "--out", "case.zip")
    with zipfile.ZipFile(ledger.with_name("case.zip")) as file:
        assert file.read("case-file.pdf").startswith(b"%PDF-1.7")


def test_a_case_that_is_not_there_is_refused(ledger: Path, capsys: Capture) -> None:
    assert "no case 26-9999" in refusal(capsys, "ledger", "export", "26-9999", "--out", "case.zip")
    assert not ledger.with_name("case.zip").exists()
