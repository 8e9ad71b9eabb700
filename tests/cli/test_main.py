"""The program: exit codes, no traceback, nothing loaded that is not needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from priorauth.cli.main import TOP, main
from tests.cli.running import Capture, asked, misuse, printed

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def loaded(code: str) -> set[str]:
    """Run a program in a process of its own; gives the modules that it loaded."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print('\\n'.join(sys.modules), file=sys.stderr)"],
        capture_output=True, text=True, check=True, env=ENVIRONMENT, cwd=ROOT,
    )  # fmt: skip
    return set(ran.stderr.split())


def test_the_version_is_said(capsys: Capture) -> None:
    assert printed(capsys, "--version").startswith("priorauth ")


def test_an_unknown_command_is_refused_with_those_there_are(capsys: Capture) -> None:
    assert misuse(capsys, "decide") == (
        "priorauth: error: no command is named 'decide'; expected one of " + ", ".join(TOP.modules)
    )


def test_no_command_is_refused(capsys: Capture) -> None:
    assert misuse(capsys) == "priorauth: error: Missing command."


def test_commands_are_not_abbreviated(capsys: Capture) -> None:
    assert "no command is named 'det'" in misuse(capsys, "det", "x")
    assert "No such option '--form'" in misuse(capsys, "determine", "x", "--form", "json")


def test_arguments_are_those_of_the_process_where_none_are_given(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["priorauth", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("priorauth ")


def test_the_library_loads_no_command_line() -> None:
    found = loaded("import priorauth\npriorauth.determine(open('examples/approve.json', 'rb').read())")
    assert "priorauth.decide.determine" in found
    assert not {name for name in found if name.split(".")[0] in {"click", "rich"} or name.startswith("priorauth.cli")}


def test_a_command_loads_no_other() -> None:
    found = loaded("from priorauth.cli.main import main\nmain(['determine', 'none.json'])")
    assert {name for name in found if name.startswith("priorauth.cli.")} == {
        f"priorauth.cli.{name}" for name in ("main", "command", "last", "output", "determine", "files", "parameters")
    }
    assert not found & {"rich", "duckdb", "z3", "concurrent.futures.process"}


def test_help_loads_no_library() -> None:
    found = loaded("from priorauth.cli.main import main\nmain(['--help'])")
    ours = {name.split(".")[1] for name in found if name.startswith("priorauth.")}
    assert ours <= {"cli", "errors", "values", "version"}


@pytest.mark.parametrize("module", ["priorauth", "priorauth.cli.main"])
def test_ctrl_c_is_one_line_and_code_one(module: str, tmp_path: Path) -> None:
    """A person who waits at `determine -` and gives up."""
    running = subprocess.Popen(
        [sys.executable, "-m", module, "determine", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, cwd=tmp_path,
    )  # fmt: skip
    assert running.stdin is not None
    running.stdin.write(b" " * 1_000_000)  # more than a pipe holds: once it is written, the command is reading
    running.stdin.flush()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (1, b"", b"priorauth: interrupted\n")


def test_an_interrupted_command_is_said_and_code_one(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("priorauth.decide.determine.determine", interrupted)
    assert asked(capsys, "determine", ROOT / "examples" / "ask.json") == (1, "", "priorauth: interrupted\n")
