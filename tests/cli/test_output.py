"""Output: UTF-8, and nothing in it that steers a terminal."""

from __future__ import annotations

import io
import json
import sys

import pytest

from priorauth.cli import output
from priorauth.errors import InputRefused

HOSTILE = "a\x1b[2J\u202eb\x9b\x7f"


def test_lines_for_people_show_what_would_steer(capsys: pytest.CaptureFixture[str]) -> None:
    output.say(f"one {HOSTILE}\ntwo\n")
    output.line("three\nfour")
    output.line()
    output.feed()
    assert capsys.readouterr().out == "one a\\x1b[2J\\u202eb\\x9b\\x7f\ntwo\nthree\\nfour\n\n\f"


def test_json_keeps_its_meaning(capsys: pytest.CaptureFixture[str]) -> None:
    output.as_json({HOSTILE: "é"})
    out = capsys.readouterr().out
    assert json.loads(out) == {HOSTILE: "é"}
    assert not set(out) & set("\x1b\u202e\x9b\x7f")
    assert "é" in out


def test_a_fault_is_one_line_with_what_belongs_to_it_below(capsys: pytest.CaptureFixture[str]) -> None:
    output.fault("file:1: no\n    leaf\n    ^")
    output.fault("file\nforged: line\x1b")
    assert capsys.readouterr().err == "file:1: no\n    leaf\n    ^\nfile\\nforged: line\\x1b\n"


def test_output_is_utf_8_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding="ascii"))
    assert output.prepare()
    output.as_json("é")
    sys.stdout.write("\udc80\n")
    sys.stdout.flush()
    assert held.getvalue() == '"é"\n\\udc80\n'.encode()


def test_a_closed_standard_output_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert not output.prepare()
    with sys.stdout, sys.stderr:
        print("nothing", file=sys.stderr)  # which would else be printed on standard output


def test_what_the_command_line_refuses_keeps_its_lines() -> None:
    found = output.refused("a: one", "b: two")
    assert isinstance(found, InputRefused)
    assert [str(fault) for fault in found.faults] == ["a: one", "b: two"]
