"""The process of a reader from outside, asked as the program asks it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from priorauth.documents.guest import Answer
from tests.documents.notes import note
from tests.documents.test_installed import put


def answer(name: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "priorauth.documents.guest", name],
        input=msgspec.json.encode(note("A1c 8.4 % today.")),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
    )
    return msgspec.json.decode(done.stdout, type=Answer)


def test_what_a_reader_prints_is_no_part_of_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "site", monkeypatch)
    found = answer("words")
    assert found.fault is None
    assert [one["value"] for one in (found.proposals or {})["facts"]] == ["8.4 %", "9 %"]


def test_of_a_fault_only_its_kind_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "site", monkeypatch)
    assert answer("raises") == Answer(fault="ValueError")
    assert answer("no-such") == Answer(fault="StopIteration")
