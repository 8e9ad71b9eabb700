"""Commands: an option is given once and never abbreviated, a fault is a printable line, each help has examples."""

from __future__ import annotations

import click
import pytest

from priorauth.cli.command import Command, Group, command, usage_lines


@command("one", "priorauth one file --day 1")
@click.argument("file")
@click.option("--day", metavar="D", type=int)
@click.option("--more", multiple=True)
@click.option("--yes", is_flag=True)
def one(**given: object) -> int:
    """Do one thing."""
    raise ValueError(given)


def read(*words: str) -> dict[str, object]:
    return one.make_context("priorauth one", list(words)).params


def said(*words: str) -> tuple[str, ...]:
    with pytest.raises(click.UsageError) as refused:
        one.make_context("priorauth one", list(words))
    return usage_lines(refused.value)


USAGE = "Usage: priorauth one [OPTIONS] FILE"


def test_options_may_stand_anywhere_and_what_may_repeat_is_gathered() -> None:
    assert read("--more", "1", "f", "--day", "3", "--more=2") == {
        "file": "f", "day": 3, "more": ("1", "2"), "yes": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("f", "--day", "1", "--day", "2"), "argument --day: given twice; expected once"),
        (("f", "--day", "1", "--day=1"), "argument --day: given twice; expected once"),
        (("f", "--day", "--yes"), "argument --day: expected a value, found the option --yes"),
        (("f", "--more", "--day=1"), "argument --more: expected a value, found the option --day=1"),
        (("f", "--day"), "Option '--day' requires an argument."),
        (("f", "--da", "1"), "No such option '--da'. Did you mean '--day'?"),
        (("f", "--mor", "1"), "No such option '--mor'. Did you mean '--more'?"),
        (("f", "--yes=1"), "Option '--yes' does not take a value."),
        (("f", "g"), "Got unexpected extra argument (g)"),
        ((), "expected FILE"),
    ],
)
def test_a_line_that_is_none_is_the_usage_and_what_is_wrong(words: tuple[str, ...], line: str) -> None:
    assert said(*words) == (USAGE, f"priorauth one: error: {line}")


def test_a_value_that_is_none_is_one_line() -> None:
    assert said("f", "--day", "x") == ("--day: 'x' is not a valid integer.",)


def test_a_flag_may_be_given_twice() -> None:
    assert read("f", "--yes", "--yes")["yes"] is True


def test_help_comes_before_what_is_wrong_and_ends_with_the_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit) as ended:
        read("f", "--day", "1", "--day", "2", "--help")
    assert ended.value.exit_code == 0
    assert capsys.readouterr().out.endswith("\nExamples:\n  priorauth one file --day 1\n")


def test_a_usage_fault_without_a_command_is_one_line() -> None:
    assert usage_lines(click.UsageError("no")) == ("priorauth: error: no",)
    assert usage_lines(click.BadParameter("no")) == ("the command line: no",)


def test_a_group_loads_only_the_command_that_runs() -> None:
    group = Group("priorauth", modules={"check": "priorauth.cli.policies.check", "gone": "no.such.module"})
    with group.make_context("priorauth", ["check", "x"]) as context:
        assert group.list_commands(context) == ["check", "gone"]
        found = group.get_command(context, "check")
        assert isinstance(found, Command)
        assert found.name == "check"
        assert group.get_command(context, "chec") is None
        with pytest.raises(ModuleNotFoundError):
            group.get_command(context, "gone")


def test_a_command_that_there_is_not_is_told_which_there_are() -> None:
    group = Group("priorauth", modules={"check": "priorauth.cli.policies.check"})
    with group.make_context("priorauth", ["chec"]) as context, pytest.raises(click.UsageError) as refused:
        group.invoke(context)
    assert usage_lines(refused.value)[-1] == "priorauth: error: no command is named 'chec'; expected one of check"
