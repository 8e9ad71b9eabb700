"""The command ``priorauth``: reads arguments, runs one command, says faults in one clear line each.

Exit codes: 0 done; 2 the input or a policy was refused (one line per fault on standard error, nothing on standard
output); 1 anything else.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import priorauth

COMMANDS = ("determine", "glucose", "policies", "population")
REFUSED = 2
PIPE_CLOSED = 141


class Refused(Exception):
    """A command that refuses its input: the lines to print."""

    def __init__(self, *lines: str) -> None:
        """Keep the lines."""
        super().__init__("\n".join(lines))
        self.lines = lines


def parser() -> argparse.ArgumentParser:
    """Build the parser of all commands."""
    top = argparse.ArgumentParser(prog="priorauth", description=priorauth.__doc__)
    top.add_argument("--version", action="version", version=f"priorauth {priorauth.__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"priorauth.cli.{name}").add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    args = parser().parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except Refused as refused:
        for line in refused.lines:
            print(line, file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        print("priorauth: interrupted", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    raise SystemExit(main())
