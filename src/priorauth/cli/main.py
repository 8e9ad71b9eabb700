"""The command ``priorauth``: reads arguments, runs one command, says faults in one clear line each.

Exit codes: 0 done; 2 the input or a policy was refused (one line per fault on standard error, nothing on standard
output); 1 anything else, in one line too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import click

import priorauth
from priorauth.cli import output
from priorauth.cli.command import VARIABLE, Group
from priorauth.cli.last import FAILED, caught

__all__ = ["TOP", "main"]

TOP: Final = Group(
    "priorauth",
    says="Prior authorization for infusion pumps, decided from the patient's record.",
    modules={
        "determine": "priorauth.cli.determine",
        "policies": "priorauth.cli.policies",
        "documents": "priorauth.cli.documents",
        "glucose": "priorauth.cli.glucose",
        "population": "priorauth.cli.population",
        "serve": "priorauth.cli.serve",
        "exchange": "priorauth.cli.exchange",
        "case": "priorauth.cli.case",
        "ledger": "priorauth.cli.ledger",
        "completion": "priorauth.cli.completion",
    },
)
click.version_option(priorauth.__version__, message="%(prog)s %(version)s")(TOP)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    if not output.prepare():
        output.fault("priorauth: standard output is closed")
        return FAILED
    try:
        code = _done(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 - the last handler
        return caught(fault)
    return code


def _done(words: list[str]) -> int:
    """Run a command without Click's own handlers, which know other exit codes."""
    if asked := os.environ.get(VARIABLE):
        from click.shell_completion import shell_complete

        with suppress(Exception):  # a person is typing: nothing may come between
            return shell_complete(TOP, {}, "priorauth", VARIABLE, asked)
        return FAILED
    with TOP.make_context("priorauth", words) as context:
        code: int = TOP.invoke(context)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
