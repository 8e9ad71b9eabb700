"""The last handler: one line that names no patient, exit code 1; a traceback for those who ask for one."""

from __future__ import annotations

import errno
import json

import click
import pytest

from priorauth.cli.last import FAILED, PIPE_CLOSED, REFUSED, SWITCH, caught, option, option_line, said
from priorauth.errors import ARGUMENTS, Fault, LogRefused, PolicyFaults


def raised(fault: BaseException) -> BaseException:
    try:
        raise fault  # noqa: TRY301 - for its traceback
    except BaseException as found:  # noqa: BLE001 - whatever it is
        return found


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (MemoryError(), "there is not enough memory"),
        (OSError(errno.ENOSPC, "No space left on device"), "standard output: No space left on device"),
        (PermissionError(errno.EACCES, "Permission denied", "out"), "out: Permission denied"),
        (RecursionError("maximum"), "something nests too deep (outside of priorauth)"),
        (KeyError("John Doe"), "a fault of the program: KeyError (outside of priorauth); PRIORAUTH_TRACEBACK=1 shows"),
    ],
)
def test_a_fault_is_said_in_one_line(
    fault: BaseException, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SWITCH, raising=False)
    assert caught(raised(fault)) == FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"priorauth: {line}")
    assert err.count("\n") == 1
    assert "John" not in err


def test_the_line_names_the_innermost_place_of_ours() -> None:
    from priorauth.values import dates

    fault = raised(ValueError())
    try:
        dates.iso(-5)
    except ValueError as found:
        fault = found
    assert said(fault).startswith("a fault of the program: ValueError (values/dates.py:")


def test_the_switch_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "1")
    with pytest.raises(json.JSONDecodeError):
        caught(raised(json.JSONDecodeError("x", "y", 0)))


@pytest.mark.parametrize(
    ("fault", "code", "lines"),
    [
        (
            PolicyFaults(Fault.at_line("p.yaml", 3, "no"), Fault.at_line("p.yaml", 9, "no")),
            REFUSED,
            "p.yaml:3: no\np.yaml:9: no\n",
        ),
        (LogRefused(Fault.at_row("log.csv", 2, "a\x1b[2J")), REFUSED, "log.csv, row 2: a\\x1b[2J\n"),
        (click.UsageError("no\x1b"), REFUSED, "priorauth: error: no\\x1b\n"),
        (click.exceptions.Exit(0), 0, ""),
        (click.exceptions.Exit(3), 3, ""),
    ],
)
def test_a_refusal_is_its_lines_and_a_code_with_or_without_the_switch(
    fault: Exception, code: int, lines: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for value in ("", "1"):
        monkeypatch.setenv(SWITCH, value)
        assert caught(fault) == code
        assert capsys.readouterr() == ("", lines)


def test_a_pipe_that_nobody_reads_has_a_code_of_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("priorauth.cli.output.discard", lambda: None)
    assert caught(BrokenPipeError()) == PIPE_CLOSED == 141
    assert capsys.readouterr() == ("", "")


# ---- arguments as options


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault.of_argument("as_of", "expected YYYY-MM-DD"), "--as-of: expected YYYY-MM-DD"),
        (Fault.of_argument("columns", "expected pairs", "a.csv"), "a.csv: --columns: expected pairs"),
        (Fault("a.csv", None, "expected zone= for this log"), "a.csv: expected --zone for this log"),
        (Fault("a.csv", None, "dates='dmy' or dates='mdy'"), "a.csv: --dates dmy or --dates mdy"),
        (Fault("a.json", "Claim/1: status", "draft=True checks it"), "a.json: Claim/1: status: --draft checks it"),
        (Fault(None, None, "expected as_of='YYYY-MM-DD'"), "expected --as-of YYYY-MM-DD"),
        (Fault(None, None, "master= needs pyspark"), "--spark needs pyspark"),
        (Fault.of_argument("suppose", "no fact is named 'x'"), "--suppose: no fact is named 'x'"),
    ],
)
def test_every_argument_of_a_fault_is_printed_as_its_option(fault: Fault, line: str) -> None:
    assert option_line(fault) == line


def test_what_is_no_argument_stays_as_it_is() -> None:
    fault = Fault.at_line("a.yaml", 2, "expected `unit=mg/dL`, found when=now")
    assert option_line(fault) == str(fault)


OF_ARGUMENTS = {
    "policy": "--policy",
    "as_of": "--as-of",
    "judgments": "--judgments",
    "readings": "--reading",
    "policies": "--policies",
    "logs": "--log",
    "columns": "--columns",
    "zone": "--zone",
    "dates": "--dates",
    "draft": "--draft",
    "day": "--day",
    "suppose": "--suppose",
    "master": "--spark",
}


def test_every_argument_has_its_option() -> None:
    assert {name: option(name) for name in ARGUMENTS} == OF_ARGUMENTS
