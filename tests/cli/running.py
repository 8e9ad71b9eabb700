"""Commands run in this process, as the program runs them."""

from __future__ import annotations

import pytest

from priorauth.cli.main import main

Capture = pytest.CaptureFixture[str]


def asked(capsys: Capture, *words: object) -> tuple[int, str, str]:
    """Run a command; gives its exit code and what it said on either stream."""
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, err


def printed(capsys: Capture, *words: object) -> str:
    """Run a command that does what it is asked and has nothing to complain of."""
    code, out, err = asked(capsys, *words)
    assert (code, err) == (0, "")
    return out


def refusal(capsys: Capture, *words: object) -> str:
    """Run a command that refuses its input; gives the one line that it says."""
    code, out, err = asked(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    return err


def misuse(capsys: Capture, *words: object) -> str:
    """Run a command line that is none; gives what is said below the usage, in one line."""
    code, out, err = asked(capsys, *words)
    usage, said = err.splitlines()
    assert (code, out) == (2, "")
    assert usage.startswith("Usage: priorauth")
    return said
