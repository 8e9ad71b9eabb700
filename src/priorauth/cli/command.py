"""Commands and groups of commands: read strictly, loaded when asked for, each with examples in its help.

An option that takes one value is given once, and no option is abbreviated. A module of a command holds it under the
name ``command``; a group knows its commands by module and loads only the one that runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

import click

WIDTH: Final = 100
"""How wide a page of help is at most, in characters."""
VARIABLE: Final = "_PRIORAUTH_COMPLETE"
"""Where a shell asks what may come next: the script of ``priorauth completion`` sets this."""
SETTINGS: Final = {"help_option_names": ["-h", "--help"], "max_content_width": WIDTH}


class Command(click.Command):
    """A command with examples: whole lines that a person can type."""

    examples: tuple[str, ...] = ()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what Click lets pass is refused: an option given twice, or given as a value."""
        try:
            if not ctx.resilient_parsing:  # which is how Click reads half a line, to complete it
                self._hold(ctx, list(args))
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            fault.ctx = fault.ctx or ctx  # Click's parser does not say of which command it is
            raise

    def _hold(self, ctx: click.Context, args: list[str]) -> None:
        values, _, order = self.make_parser(ctx).parse_args(args=args)
        options = [one for one in self.get_params(ctx) if isinstance(one, click.Option)]
        names = {name for one in options for name in one.opts}
        if self.get_help_option(ctx) in order:
            return
        times = Counter(one.name for one in order)
        for one in options:
            if one.is_flag or not times[one.name]:
                continue
            if not one.multiple and times[one.name] > 1:
                ctx.fail(f"argument {one.opts[-1]}: given twice; expected once")
            found = values[one.name]
            for value in found if one.multiple else (found,):
                if value.partition("=")[0] in names:
                    ctx.fail(f"argument {one.opts[-1]}: expected a value, found the option {value}")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples:
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


class Group(click.Group):
    """A group that loads a command when it is asked for: of another command's slow imports nothing is felt.

    ``modules`` has the name of each command with the module that holds it as ``command``, in the order of the help.
    """

    def __init__(
        self, name: str, *, modules: Mapping[str, str], says: str = "", run: Callable[..., int] | None = None
    ) -> None:
        """Keep the modules; ``says`` is the help, ``run`` what is done where no command is named (None: the usage)."""
        super().__init__(
            name,
            help=says,
            callback=run,
            invoke_without_command=run is not None,
            no_args_is_help=False,
            context_settings=SETTINGS,
        )
        self.modules: Final = dict(modules)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the help."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; None where there is none of that name."""
        if cmd_name not in self.modules:
            return None
        found: click.Command = import_module(self.modules[cmd_name]).command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with; says which there are where it is none of them."""
        if not ctx.resilient_parsing and args[0] not in self.modules:
            ctx.fail(f"no command is named {args[0]!r}; expected one of {', '.join(self.modules)}")
        return super().resolve_command(ctx, args)


def command(name: str, *examples: str) -> Callable[[Callable[..., int]], Command]:
    """Make a command of a function that returns an exit code; its docstring is the help."""

    def made(run: Callable[..., int]) -> Command:
        found = click.command(name, cls=Command, context_settings=SETTINGS)(run)
        found.examples = examples
        return found

    return made


def usage_lines(fault: click.UsageError) -> tuple[str, ...]:
    """Return what is wrong with a command line: a value in one line; anything else below the usage of the command."""
    ctx = fault.ctx
    if isinstance(fault, click.BadParameter) and not isinstance(fault, click.MissingParameter):
        return (f"{_given(fault)}: {fault.message}",)
    said = f"expected {_given(fault)}" if isinstance(fault, click.MissingParameter) else fault.format_message()
    if ctx is None:
        return (f"priorauth: error: {said}",)
    return (" ".join(ctx.get_usage().split()), f"{ctx.command_path}: error: {said}")


def _given(fault: click.BadParameter) -> str:
    """Return the name of a parameter as a person gives it."""
    match fault.param, fault.ctx:
        case click.Option() as option, click.Context() as ctx if isinstance(fault, click.MissingParameter):
            return f"{option.opts[-1]} {option.make_metavar(ctx)}"
        case click.Option() as option, _:
            return option.opts[-1]
        case click.Argument() as argument, _:
            return argument.human_readable_name
        case _:
            return str(fault.param_hint or "the command line")
