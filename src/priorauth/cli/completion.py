"""Completion in a shell: the script that asks ``priorauth`` what may come next."""

from __future__ import annotations

from typing import Final

import click

from priorauth.cli import output
from priorauth.cli.command import VARIABLE
from priorauth.cli.command import command as made
from priorauth.cli.parameters import OneOf

SHELLS: Final = ("bash", "zsh", "fish")


@made(
    "completion",
    "priorauth completion bash > priorauth.bash",
    "priorauth completion fish > priorauth.fish",
)
@click.argument("shell", metavar="SHELL", type=OneOf(*SHELLS), help=f"one of {', '.join(SHELLS)}")
def command(shell: str) -> int:
    """Print the script that completes what is typed in a shell.

    It completes commands, options, policy ids and other values. The shell loads it as it starts: from ~/.bashrc by
    `source <(priorauth completion bash)`, from ~/.zshrc by the same with zsh after `compinit`, or from
    ~/.config/fish/completions/priorauth.fish.
    """
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    script = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    output.say(script(click.Command("priorauth"), {}, "priorauth", VARIABLE).source())
    return 0
