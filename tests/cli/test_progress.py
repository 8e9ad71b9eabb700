"""Progress: a bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import pytest

from priorauth.cli import progress


def test_in_a_pipe_nothing_is_shown(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress.bar() as show:
        show("reading", 1, 2)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_each_stage_has_a_bar_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress.bar() as show:
        show("reading [/x]", 1, 2)
        show("reading [/x]", 2, 2)
        show("writing", 3, 9)
    out, err = capsys.readouterr()
    assert out == ""
    assert "reading [/x]" in err
    assert "2/2" in err
    assert err.index("3/9") > err.index("2/2")


def interrupted(show: progress.Show) -> None:
    show("reading", 1, 2)
    raise KeyboardInterrupt


def test_the_cursor_comes_back_where_a_command_is_interrupted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(KeyboardInterrupt), progress.bar() as show:
        interrupted(show)
    err = capsys.readouterr().err
    assert err.rindex("\x1b[?25h") > err.rindex("\x1b[?25l")
