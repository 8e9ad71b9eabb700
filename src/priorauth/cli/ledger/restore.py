"""``priorauth ledger restore FILE``: a ledger made of a backup, in an empty database."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked


@made("restore", "priorauth ledger restore yesterday.backup --db sqlite:///restored.db")
@click.argument("file", metavar="FILE", type=parameters.PATH, help="a backup")
@asked.db
def command(file: Path, *, url: str) -> int:
    """Make a ledger of a backup, in an empty database, and verify it.

    A file that was cut short or altered is refused, and nothing is restored.
    """
    asked.needs()
    from priorauth.ledger.care.restore import restore

    tenant, found = restore(file, url)
    output.line(f"tenant {tenant}: restored and verified: {', '.join(f'{n:,} {name}' for name, n in found.said())}")
    return 0
