"""The file of a case as paper: tables of what is known of it, the criteria of its newest run, printed as PDF/UA.

It is given plain facts and knows nothing of where they are kept. The same facts give the same bytes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from hashlib import sha256

from markupsafe import Markup
from msgspec import Struct

from priorauth.decide.decided import Assessed, ReasonGiven
from priorauth.decide.determination import Determination
from priorauth.decide.page import words
from priorauth.decide.page.criteria import Criteria, evidence, refused, walk
from priorauth.letters import page, paper, templates


class Table(Struct, frozen=True):
    """A table of the file: its heading, its columns, its rows; one without rows says that there is nothing."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class CaseFile(Struct, frozen=True):
    """What is printed of a case: about it in pairs of label and value, tables before and after the criteria.

    ``on``: the day of what happened last, which the PDF bears as its own. ``zone``: the name of the zone of moments.
    """

    case: str
    plan: str
    on: dt.date
    zone: str
    about: tuple[tuple[str, str], ...]
    before: tuple[Table, ...]
    determinations: tuple[Determination, ...]
    after: tuple[Table, ...]


class Criterion(Struct, frozen=True, gc=False):
    """A criterion as it is printed: paragraph and title, status in words, what is on file, what does not count."""

    name: str
    status: str
    shown: tuple[str, ...]
    refused: tuple[str, ...]


class Found(Struct, frozen=True, gc=False):
    """What the newest run says of an item."""

    item: int
    outcome: str
    policy: str
    as_of: str
    reasons: tuple[str, ...]
    criteria: tuple[Criterion, ...]


def printed(file: CaseFile) -> bytes:
    """Return the file of a case as PDF/UA; raises PaperFault where it cannot be printed."""
    html = page_of(file)
    return paper.pdf(html, sha256(html.encode()).digest()[:16])


def page_of(file: CaseFile) -> str:
    """Return the page; a character that the fonts lack stands as its number."""
    css = Markup((templates.FOLDER / "letter.css").read_text("utf-8"))  # noqa: S704 - our own file
    html = templates.render("case-file.html", f=file, found=tuple(map(found, file.determinations)), css=css)
    for char in paper.unprintable(page.text(html)):
        html = html.replace(char, f"[U+{ord(char):04X}]")
    return html


def found(made: Determination) -> Found:
    """Return what a determination says, criterion by criterion."""
    criteria = Criteria(made)
    return Found(
        item=made.item,
        outcome=made.outcome,
        policy=f"{made.policy.title}, version {made.policy.version}" if made.policy else "none applies",
        as_of=words.when(made.as_of) or "",
        reasons=tuple(_reason(one, criteria) for one in made.reasons),
        criteria=tuple(_criteria(made, criteria)),
    )


def _reason(one: ReasonGiven, criteria: Criteria) -> str:
    said = criteria.plain(one.text, one.criterion or "")
    return f"{one.criterion}: {said}" if one.criterion else said


def _criteria(made: Determination, criteria: Criteria) -> Iterator[Criterion]:
    for one in walk(made.criteria):
        if one.id:
            yield Criterion(
                f"{one.id} {one.title or ''}".strip(),
                words.status(one.status, criteria.role[id(one)]),
                tuple(_shown(one)),
                tuple(words.refused(row, labelled=True) for row in refused(one)),
            )


def _shown(one: Assessed) -> Iterator[str]:
    yield from (words.row(row, labelled=True) for row in evidence(one))
    if one.more_evidence:
        yield f"and {one.more_evidence} more"
