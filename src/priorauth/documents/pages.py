"""A document as it was read: pages of lines of words, each word with its place and how sure the reading is of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

Kind = Literal["pdf", "tiff", "png", "jpeg", "gif", "html", "rtf", "docx", "ccda", "text"]
PICTURED: Final[frozenset[Kind]] = frozenset({"pdf", "tiff", "png", "jpeg", "gif"})
"""What has pages that can be drawn."""
How = Literal["text", "ocr"]
"""Whether a page held its text, or was recognised from a picture."""


class Box(Struct, frozen=True, array_like=True):
    """A rectangle on a page, as parts of its width and height from the upper left corner: 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float


class Word(Struct, frozen=True, array_like=True):
    """A word; ``start`` is where it begins in the text of its page. ``sure``: 0 to 1, 1 where it was read from text."""

    text: str
    start: int
    box: Box | None = None
    sure: float = 1.0


SURE: Final = 0.6
"""A figure that was recognised with less is proposed as perhaps only."""


class Page(Struct, frozen=True, kw_only=True):
    """A page, counted from 1. ``text``: its lines as they stand, columns kept apart by spaces.

    ``width`` and ``height`` in points (1/72 inch), None where the document has no pages of its own. ``turned``: by how
    many degrees the picture was turned to be read.
    """

    number: int
    text: str
    words: tuple[Word, ...] = ()
    how: How = "text"
    width: float | None = None
    height: float | None = None
    turned: int = 0


class Reading(Struct, frozen=True, kw_only=True):
    """What was read of a file. ``notes``: what was left, in plain words (an empty page, a limit that was met)."""

    sha256: str
    kind: Kind
    reader: str
    """Which version of the reader read it."""
    pages: tuple[Page, ...]
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole text, a form feed between pages."""
        return "\f".join(page.text for page in self.pages)


def cut(left: float, top: float, right: float, bottom: float) -> Box:
    """Return a rectangle as it is kept: no more of it than lies on the page, four places after the point."""
    return Box(*(round(min(max(part, 0.0), 1.0), 4) for part in (left, top, right, bottom)))


def box_of(words: tuple[Word, ...]) -> Box | None:
    """Return the rectangle around words; None where one of them has no place."""
    boxes = [word.box for word in words]
    if not boxes or None in boxes:
        return None
    placed = [box for box in boxes if box is not None]
    return Box(
        min(box.left for box in placed),
        min(box.top for box in placed),
        max(box.right for box in placed),
        max(box.bottom for box in placed),
    )


def words_in(page: Page, first: int, last: int) -> tuple[Word, ...]:
    """Return the words of a stretch of the text of a page, ``last`` not included."""
    return tuple(word for word in page.words if word.start < last and first < word.start + len(word.text))


def unread(count: int, wanted: range) -> Iterator[str]:
    """Yield what is noted of a file with more pages than are wanted, where it is read from its first."""
    if count >= wanted.stop and wanted.start == 1:
        yield f"the first {wanted.stop - 1} of {count} pages were read"
