"""``priorauth documents read``: the facts that a document proposes, its text, or a page with the words marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.documents.said import said
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.documents.pages import Box, Reading
    from priorauth.documents.proposal import Findings


@made(
    "read",
    "priorauth documents read letter.pdf",
    "priorauth documents read letter.pdf --page 2 --picture page.png",
)
@click.argument(
    "file", metavar="FILE", type=parameters.PATH, help="a PDF, fax, picture, note or C-CDA; - is standard input"
)
@click.option("--text", "as_text", is_flag=True, help="print the text of the pages, and no facts")
@click.option("--json", "as_json", is_flag=True, help="print the facts as JSON, as without an option")
@click.option(
    "--reader", metavar="NAME", help="let this installed reader propose instead of ours, and check what it says"
)
@click.option("--page", metavar="N", type=parameters.Whole(1), help="this page alone")
@click.option(
    "--picture", metavar="OUT", type=parameters.PATH, help="write the page as PNG, the words of its facts marked"
)
def command(
    *, file: Path, as_text: bool, as_json: bool, reader: str | None, page: int | None, picture: Path | None
) -> int:
    """Read a document, and print the facts that it proposes.

    Each has its page and its words, and settles nothing until a person confirms it.
    """
    from priorauth.documents import apart, read, shown, understood

    if as_text and as_json:
        raise refused("--text: give it or --json")
    files.apart(picture, [file])
    content = files.read(file, apart.MOST_BYTES)
    reading = read.read(content, str(file))
    if page is not None and page > len(reading.pages):
        raise refused(f"--page: {file} has {len(reading.pages)} pages")
    if as_text:
        for one in reading.pages:
            if page in (None, one.number):
                output.say(f"{one.text}\n")
            if page is None and one.number < len(reading.pages):
                output.feed()
        return 0
    found = understood.understood(reading) if reader is None else _outside(reader, reading)
    if picture is not None:
        number = page or 1
        marks = _marks(reading, found, number)
        drawn = shown.page(content, str(file), number, marks, reading.pages[number - 1].turned)
        if drawn is None:
            raise refused(f"--picture: {file} has no page {number} that can be drawn")
        files.write(picture, drawn)
    output.as_json(said(reading, found, page))
    return 0


def _outside(reader: str, reading: Reading) -> Findings:
    """Return what stands of the proposals of an installed reader, what was refused among its notes."""
    import msgspec

    from priorauth.documents import installed, outside
    from priorauth.facts import vocabulary
    from priorauth.values import units

    found = outside.checked(installed.proposals(reader, reading), reading, vocabulary.load(), units.load())
    notes = (*found.findings.notes, *map(str, found.refused))
    return msgspec.structs.replace(found.findings, notes=notes)


def _marks(reading: Reading, found: Findings, number: int) -> list[Box]:
    """Return where the words of the facts of a page stand."""
    from priorauth.documents.pages import words_in

    held = reading.pages[number - 1]
    return [
        word.box
        for one in found.facts
        if one.page == number
        for word in words_in(held, one.start, one.start + len(one.quote))
        if word.box is not None
    ]
