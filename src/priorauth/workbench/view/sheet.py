"""A document as its page shows it: which page of how many, how large, its marks, what was searched for or chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from priorauth.documents.pages import PICTURED, Page, Reading
from priorauth.errors import InputRefused
from priorauth.ledger import read_papers
from priorauth.ledger.read_papers import NOT_READ, DocumentRead
from priorauth.server.problem import Problem
from priorauth.workbench import drawing, leaves
from priorauth.workbench.drawing import USUAL, ZOOMS
from priorauth.workbench.forms import Form, whole_of
from priorauth.workbench.view import leaf
from priorauth.workbench.view.leaf import Hit, How, Leaf, Mark
from priorauth.workbench.view.stated import Stated
from priorauth.workbench.visit import Visit

_NEAR: Final = 6
"""So many pages before and after the one that is shown have a thumbnail; and those of which something is said."""
_MOST_THUMBS: Final = 60
_MOST_LISTED: Final = 20
DIGITS: Final = 5
"""As many digits as a page or a line has."""
_PLACE_DIGITS: Final = 8
"""As many digits as a place in a text has."""
_HOW: Final[Mapping[str, How]] = {"open": "open", "rejected": "rejected"}


class Thumb(Struct, frozen=True):
    """A page in the row of small pictures: its number, and what is to be found on it."""

    number: int
    says: str
    now: bool
    turned: int


class Chosen(Struct, frozen=True):
    """Words that a person chose on a page: where they stand, and what they are."""

    page: int
    first: int
    last: int
    quote: str


class Sheet(Struct, frozen=True, kw_only=True):
    """What is shown of a document. ``drawn``: it has pictures. ``leaf``: its text, None where there is none (yet).

    ``lacks`` says why its pages or its text cannot be shown; ``soon``: the text is being read.
    """

    number: int
    count: int
    size: str
    drawn: bool
    leaf: Leaf | None
    lacks: str
    soon: bool
    turned: int
    find: str
    hits: tuple[Hit, ...]
    thumbs: tuple[Thumb, ...]
    chosen: Chosen | None
    picking: bool

    def to(self, **more: object) -> str:
        """Return the address of another view of the document: another page, another size, another search."""
        said: dict[str, object] = {
            "page": self.number,
            "size": self.size if self.size != USUAL else "",
            "find": self.find,
        }
        return "?" + urlencode({name: value for name, value in {**said, **more}.items() if value})

    def picture(self, number: int, size: str, turned: int) -> str:
        """Return the address of the picture of a page, after that of the document."""
        said = {"size": size if size != USUAL else "", "turned": str(turned) if turned else ""}
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"page/{number}.png{'?' if asked else ''}{asked}"

    @property
    def larger(self) -> str:
        """The next size up; empty at the largest."""
        return self._beside(1)

    @property
    def smaller(self) -> str:
        """The next size down; empty at the smallest."""
        return self._beside(-1)

    def _beside(self, step: int) -> str:
        place = ZOOMS.index(self.size) + step
        return ZOOMS[place] if 0 <= place < len(ZOOMS) else ""

    @property
    def listed(self) -> tuple[Hit, ...]:
        """The hits that are listed."""
        return self.hits[:_MOST_LISTED]


def sheet(visit: Visit, found: DocumentRead, content: bytes, listed: Sequence[Stated], form: Form) -> Sheet:
    """Return what is shown of a document, as the address asks for it, or the form that is shown again."""
    reading, refused = _text(visit, found, content)
    pictured, lacks = _pictured(found, content, reading)
    lacks = lacks or refused
    soon = reading is None and not refused and found.why != NOT_READ
    count = max(pictured, len(reading.pages) if reading is not None else 0)
    hits = leaf.hits(reading, visit.asked("find")) if reading is not None else ()
    number = _whole(form.said("page") or visit.asked("page"), hits[0].page if hits else 1, max(count, 1))
    page = drawing.page_of(reading, number)
    chosen = None if page is None else _chosen(visit, page, form)
    marks = () if page is None else tuple(_marks(page, listed, hits, chosen))
    return Sheet(
        number=number,
        count=count,
        size=visit.asked("size") if visit.asked("size") in ZOOMS else USUAL,
        drawn=bool(pictured),
        leaf=None if page is None else leaf.leaf(page, marks),
        lacks=lacks,
        soon=soon,
        turned=0 if page is None else page.turned,
        find=visit.asked("find")[: leaf.MOST_FIND].strip(),
        hits=hits,
        thumbs=tuple(_thumbs(number, count, listed, hits, reading)) if pictured > 1 else (),
        chosen=chosen,
        picking=bool(visit.asked("pick")),
    )


def _text(visit: Visit, found: DocumentRead, content: bytes) -> tuple[Reading | None, str]:
    """Return the text of a document, None where it is not there (yet), and why it cannot be read where that is so.

    Of a paper that waits the server reads it; of one that nothing reads any more it is read for this page.
    """
    kept = read_papers.text(visit.store, visit.who, visit.path("case"), found.document)
    if kept is not None or found.status == "waiting" or found.why == NOT_READ:
        return kept, ""
    try:
        return drawing.reading(visit, found.sha256, found.title, content), ""
    except InputRefused as fault:
        return None, "; ".join(one.message for one in fault.faults)


def _pictured(found: DocumentRead, content: bytes, reading: Reading | None) -> tuple[int, str]:
    """Return how many pages have a picture, and why none has where that is so."""
    if reading is not None and reading.pages:
        return len(reading.pages) if reading.kind in PICTURED else 0, ""
    try:
        return leaves.count(found.media, content), ""
    except Problem as problem:
        return 0, problem.detail


def _whole(said: str, other: int, most: int) -> int:
    """Return the number of a page that an address asks for, within those that there are."""
    number = whole_of(said, DIGITS)
    return min(max(other if number is None else number, 1), most)


def _marks(page: Page, listed: Sequence[Stated], hits: Sequence[Hit], chosen: Chosen | None) -> Iterator[Mark]:
    """Yield what is marked on a page."""
    for one in listed:
        span = leaf.placed(page, one.proposal.quote, one.start) if one.page == page.number else None
        if span is not None:
            said = f"{one.says}, {one.when}" if one.when else one.says
            yield Mark(own=one.own, how=_HOW.get(one.word, "confirmed"), first=span[0], last=span[1], says=said)
    for hit in hits:
        if hit.page == page.number:
            yield Mark(own=f"h-{hit.number}", how="hit", first=hit.first, last=hit.last, says="found")
    if chosen is not None:
        yield Mark(own="chosen", how="chosen", first=chosen.first, last=chosen.last, says="chosen")


def _chosen(visit: Visit, page: Page, form: Form) -> Chosen | None:
    """Return the words that are chosen: those of the form, else by lines, or by a rectangle on the picture."""
    area = leaf.area_of(visit.asked("area"))
    asked = (whole_of(one, DIGITS) for one in visit.request.query_params.getlist("line"))
    lines = [one for one in asked if one is not None]
    first, last = (whole_of(form.said(name), _PLACE_DIGITS) for name in ("first", "last"))
    span = None
    if first is not None and last is not None:
        span = (first, last) if first < last <= len(page.text) else None
    elif area is not None:
        span = leaf.of_area(page, area)
    elif lines:
        span = leaf.of_lines(page, lines)
    return None if span is None else Chosen(page.number, *span, page.text[span[0] : span[1]])


def _thumbs(
    number: int, count: int, listed: Sequence[Stated], hits: Sequence[Hit], reading: Reading | None
) -> Iterator[Thumb]:
    turned = {} if reading is None else {one.number: one.turned for one in reading.pages}
    facts, found = Counter(one.page for one in listed), Counter(one.page for one in hits)
    for one in range(1, count + 1):
        near = count <= _MOST_THUMBS or abs(one - number) <= _NEAR or facts[one] or found[one]
        if near:
            said = [f"{facts[one]} {'fact' if facts[one] == 1 else 'facts'}"] if facts[one] else []
            said += [f"{found[one]} found"] if found[one] else []
            yield Thumb(one, ", ".join(said), one == number, turned.get(one, 0))
