"""``priorauth documents check``: what stands of the facts that another program proposes of a document, and what not."""

from __future__ import annotations

from pathlib import Path

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.documents.said import said


@made("check", "priorauth documents check letter.pdf proposals.json")
@click.argument("file", metavar="FILE", type=parameters.PATH, help="the document")
@click.argument("proposals", metavar="PROPOSALS.json", type=parameters.PATH, help="the facts that are proposed")
def command(*, file: Path, proposals: Path) -> int:
    """Check the facts that another program proposes of a document.

    What stands is printed, and what is refused with its reason. The exit code is 1 where one was refused, 2 where a
    file cannot be read.
    """
    from priorauth.documents import apart, outside, read
    from priorauth.facts import vocabulary
    from priorauth.values import units

    reading = read.read(files.read(file, apart.MOST_BYTES), str(file))
    proposed = files.read(proposals, outside.MOST_BYTES)
    found = outside.checked(proposed, reading, vocabulary.load(), units.load())
    refused = [{"index": one.index, "reason": one.reason} for one in found.refused]
    output.as_json({**said(reading, found.findings, None), "refused": refused})
    return 1 if refused else 0
