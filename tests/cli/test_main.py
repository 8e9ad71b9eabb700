"""The command line: help for every command, exit codes, and faults in one line each."""

from __future__ import annotations

import pytest

from priorauth.cli.main import COMMANDS, REFUSED, Refused, main, parser


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "usage: priorauth" in capsys.readouterr().out


def test_an_unknown_command_is_refused_with_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["decide"])
    assert ended.value.code == REFUSED
    assert "invalid choice" in capsys.readouterr().err


def test_a_refusal_keeps_its_lines() -> None:
    assert Refused("a: one", "b: two").lines == ("a: one", "b: two")


def test_the_parser_knows_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--version"])
    assert capsys.readouterr().out.startswith("priorauth ")
