"""``priorauth documents read``: the facts that a document proposes, its text, or a page with the words marked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from priorauth.cli import files, output, parameters
from priorauth.cli.command import command as made
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.documents.pages import Box, Reading
    from priorauth.documents.proposal import Findings, Proposal


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
@click.option("--page", metavar="N", type=parameters.Whole(1), help="this page alone")
@click.option(
    "--picture", metavar="OUT", type=parameters.PATH, help="write the page as PNG, the words of its facts marked"
)
def command(*, file: Path, as_text: bool, as_json: bool, page: int | None, picture: Path | None) -> int:
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
    found = understood.understood(reading)
    if picture is not None:
        marks = _marks(reading, found, page or 1)
        drawn = shown.page(content, str(file), page or 1, marks, reading.pages[(page or 1) - 1].turned)
        if drawn is None:
            raise refused(f"--picture: {file} has no page {page or 1} that can be drawn")
        files.write(picture, drawn)
    output.as_json(_said(reading, found, page))
    return 0


def _said(reading: Reading, found: Findings, page: int | None) -> dict[str, Any]:
    """Return what is printed: what the document is, its facts, and what was left of it."""
    return {
        "sha256": reading.sha256,
        "kind": found.kind,
        "author_role": found.role,
        "dated": found.dated,
        "signed_by": found.signed_by,
        "signed_on": found.signed_on,
        "patient": {"name": found.patient.name, "birthDate": found.patient.birth_date},
        "set_aside": found.set_aside,
        "facts": [_fact(one) for one in found.facts if page in (None, one.page)],
        "notes": [*reading.notes, *found.notes],
    }


def _fact(one: Proposal) -> dict[str, Any]:
    box = None if one.box is None else [one.box.left, one.box.top, one.box.right, one.box.bottom]
    more = {"from": one.since, "until": one.until, "stated_by": one.stated_by}
    return {
        "fact": one.fact,
        "value": one.value,
        "date": one.date,
        "polarity": one.polarity,
        "certainty": one.certainty,
        "quote": one.quote,
        "page": one.page,
        "box": box,
        **{name: value for name, value in more.items() if value is not None},
        "by": one.by,
    }


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
