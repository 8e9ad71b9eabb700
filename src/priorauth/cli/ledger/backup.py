"""``priorauth ledger backup FILE``: a tenant as it stands at one moment, while others write."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked


@made(
    "backup",
    "priorauth ledger backup today.backup",
    "priorauth ledger backup plan.backup --db sqlite:///priorauth.db --tenant plan",
)
@click.argument("file", metavar="FILE", type=parameters.PATH, help="where to write it; no file may be there")
@asked.db
@asked.tenant
def command(file: Path, *, url: str, tenant: str | None) -> int:
    """Write a backup that either database can be made of again.

    It is taken while others write, and holds what stood at one moment.
    """
    with asked.ledger(url, "any") as store:
        from priorauth.ledger.care.backup import backup

        found = backup(store, asked.whose(store, tenant), file)
    output.line(
        f"{file}: tenant {found.tenant}, schema {found.schema}, {found.rows['cases']:,} cases, "
        f"{sum(found.rows.values()):,} rows"
    )
    output.line(f"sha256 {found.sha256}")
    return 0
