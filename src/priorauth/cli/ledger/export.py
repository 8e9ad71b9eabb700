"""``priorauth ledger export CASE``: a case handed out as a file for people, rows, papers, a manifest of checksums."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.ledger import asked


@made("export", "priorauth ledger export 26-0001 --out case.zip")
@click.argument("case", metavar="CASE", help="the number of the case")
@click.option("--out", metavar="FILE.zip", type=parameters.PATH, required=True, help="where to write it")
@click.option("--rows-only", is_flag=True, help="leave out the file for people (PDF)")
@asked.db
@asked.tenant
def command(case: str, *, out: Path, rows_only: bool, url: str, tenant: str | None) -> int:
    """Hand out a case whole, with checksums.

    It is one file: a page for people (case-file.pdf), its rows, its papers, and a manifest of checksums. The same
    case gives the same bytes.
    """
    with asked.ledger(url) as store:
        from priorauth.ledger.care import casefile
        from priorauth.ledger.care.export import export

        found = export(store, asked.whose(store, tenant), case, out, None if rows_only else casefile.papers)
    output.line(f"{out}: case {found.case}, {sum(found.rows.values()):,} rows, {found.blobs:,} papers and messages")
    output.line(f"sha256 {found.sha256}")
    return 0
