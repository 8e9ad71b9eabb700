"""A letter is made: checked against every rule, written, looked over for what it must hold, printed, sealed.

The same facts give the same bytes. The HTML is the page for the screen, the PDF the one that is sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from msgspec import Struct

from priorauth.errors import Fault
from priorauth.letters import elements, page, paper, templates, wording
from priorauth.letters.facts import Facts, Mailing
from priorauth.letters.kinds import Approval, Kind, kind_of
from priorauth.letters.lines import owed
from priorauth.letters.rules import LetterRefused, refusals
from priorauth.letters.view import view


class Made(Struct, frozen=True):
    """A made letter: its exact bytes, their hash, and what they were made from. Nobody edits it.

    ``tasks`` are orders to people that the member's language and format bring with them, without a later deadline;
    ``unverified`` names each figure and text that it prints and nobody has checked against the law.
    """

    kind: Kind
    html: str
    pdf: bytes
    sha256: str
    template_version: str
    receipt: str
    mailing: Mailing
    tasks: tuple[str, ...]
    unverified: tuple[str, ...]


class Looked(Struct, frozen=True):
    """A letter as it would be, looked at before it is made: its page, and the tasks and doubts that it would bring."""

    html: str
    tasks: tuple[str, ...]
    unverified: tuple[str, ...]


def look(facts: Facts) -> Looked:
    """Return a letter as it would be; nothing is printed. Raises LetterRefused with every rule it breaks."""
    LetterRefused.raise_if(refusals(facts))
    return Looked(page_of(facts), tuple(_tasks(facts)), tuple(_unverified(facts)))


def make(facts: Facts) -> Made:
    """Return a letter; raises LetterRefused with every rule it breaks, PaperFault where it cannot be printed."""
    looked = look(facts)
    html = looked.html
    version = templates.version()
    seal = sha256(f"{version}\n{html}".encode()).digest()
    printed = paper.pdf(html, seal[:16])
    return Made(
        kind=kind_of(facts.says),
        html=html,
        pdf=printed,
        sha256=sha256(printed).hexdigest(),
        template_version=version,
        receipt=str(facts.determination.receipt.get("sha256", "")),
        mailing=facts.mailing,
        tasks=looked.tasks,
        unverified=looked.unverified,
    )


def page_of(facts: Facts) -> str:
    """Return the page of a letter as HTML; raises LetterRefused where it lacks what it must hold."""
    html = templates.render(f"{kind_of(facts.says)}.html", **view(facts))
    LetterRefused.raise_if(_wrong(html, facts))
    return html


def _wrong(html: str, facts: Facts) -> Iterator[Fault]:
    for element in elements.missing(html, facts):
        yield Fault(None, f"element {element.id}", f"the letter lacks {element.says} ({element.cite})")
    for text in page.own_words(html):
        for word in wording.found(text):
            yield Fault(None, None, f"a template says {word!r}")
    if lacking := "".join(paper.unprintable(page.text(html))):
        yield Fault(None, None, f"the fonts lack the characters {lacking!r}: this letter needs a translator's edition")


def _tasks(facts: Facts) -> Iterator[str]:
    if facts.member.language.partition("-")[0] != "en":
        yield f"translate into {facts.member.language}: the deadlines stay"
    if facts.member.format in ("audio", "braille"):
        yield f"make it in {facts.member.format}: the deadlines stay"
    form = owed(facts.sender.line, facts.sender.state).form
    if form and kind_of(facts.says) in ("adverse", "missed-clock"):
        yield f"fill in {form} as installed, and enclose it"
    if isinstance(facts.says, Approval) and facts.says.refused:
        yield "make the adverse letter for the part that was not approved"


def _unverified(facts: Facts) -> Iterator[str]:
    if facts.to in ("member", "representative") or {"member", "representative"} & set(facts.copies):
        yield from owed(facts.sender.line, facts.sender.state).unverified()
    if facts.clock is not None and not facts.clock.verified:
        yield f"clock: {facts.clock.citation}"
    yield from (f"notice on {one.kind}: {one.citation}" for one in facts.sender.notices if not one.verified)
