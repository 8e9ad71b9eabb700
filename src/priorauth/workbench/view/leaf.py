"""One page of a document as it is shown: its lines with the words marked, and where the marks lie on its picture.

What is marked: the words of a fact that the document states, what was searched for, what a person chose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, Literal

from msgspec import Struct

from priorauth.documents.pages import Box, Page, Reading, Word, box_of, words_in

How = Literal["open", "confirmed", "rejected", "hit", "chosen"]
MOST_HITS: Final = 200
MOST_FIND: Final = 100
SCALE: Final = 1000
"""Places on a picture are given as thousandths of its width and height."""
_AREA: Final = 4


class Mark(Struct, frozen=True, kw_only=True):
    """Words that are marked: a stretch of the page's text, ``last`` not included. ``own``: its name on the page."""

    own: str
    how: How
    first: int
    last: int
    says: str = ""


class Rectangle(Struct, frozen=True):
    """Where marked words lie on the picture, in thousandths."""

    own: str
    how: How
    left: float
    top: float
    wide: float
    high: float


class Piece(Struct, frozen=True):
    """A part of a line: its text, and the marks that it lies in. ``begins``: those that begin with it."""

    text: str
    marks: tuple[Mark, ...] = ()
    begins: tuple[Mark, ...] = ()


class Line(Struct, frozen=True):
    """A line of a page, counted from 1; ``first`` and ``last`` are its places in the text."""

    number: int
    first: int
    last: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole line."""
        return "".join(one.text for one in self.pieces)


class Leaf(Struct, frozen=True, kw_only=True):
    """A page: its lines, and the marks on its picture. ``wide``, ``high``: how its sides are to each other."""

    number: int
    lines: tuple[Line, ...]
    rectangles: tuple[Rectangle, ...]
    recognised: bool
    wide: int
    high: int


def leaf(page: Page, marks: Sequence[Mark]) -> Leaf:
    """Return a page as it is shown."""
    turned = page.turned % 180 != 0
    wide, high = (page.width or 612, page.height or 792)
    return Leaf(
        number=page.number,
        lines=tuple(_lines(page.text, sorted(marks, key=lambda one: (one.first, -one.last)))),
        rectangles=tuple(each for one in marks for each in rectangles(page, one)),
        recognised=page.how == "ocr",
        wide=round(high if turned and page.how != "ocr" else wide),
        high=round(wide if turned and page.how != "ocr" else high),
    )


def _lines(text: str, marks: Sequence[Mark]) -> Iterator[Line]:
    place = 0
    for number, said in enumerate(text.split("\n"), 1):
        yield Line(number, place, place + len(said), tuple(_pieces(said, place, marks)))
        place += len(said) + 1


def _pieces(said: str, place: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """Yield the parts of a line that begins at a place of its page."""
    end = place + len(said)
    near = [one for one in marks if one.first < end and place < one.last]
    edges = sorted({place, end, *(max(one.first, place) for one in near), *(min(one.last, end) for one in near)})
    for first, last in pairwise(edges):
        within = tuple(one for one in near if one.first <= first and last <= one.last)
        begins = tuple(one for one in within if one.first == first)
        yield Piece(said[first - place : last - place], within, begins)


def rectangles(page: Page, mark: Mark) -> Iterator[Rectangle]:
    """Yield where the words of a mark lie: a rectangle a line; none where the page has no places."""
    lines: dict[int, list[Word]] = {}
    for word in words_in(page, mark.first, mark.last):
        lines.setdefault(page.text.count("\n", 0, word.start), []).append(word)
    for words in lines.values():
        box = box_of(tuple(words))
        if box is not None:
            yield _rectangle(mark, box)


def _rectangle(mark: Mark, box: Box) -> Rectangle:
    sides = (box.left, box.top, box.right, box.bottom)
    left, top, right, bottom = (round(min(max(one, 0.0), 1.0) * SCALE, 1) for one in sides)
    return Rectangle(mark.own, mark.how, left, top, round(right - left, 1), round(bottom - top, 1))


def placed(page: Page, quote: str, start: int) -> tuple[int, int] | None:
    """Return where words stand in the text of a page: where it is said, else where they stand nearest to that."""
    if quote and page.text[start : start + len(quote)] == quote:
        return start, start + len(quote)
    found = [one.span() for one in pattern(quote).finditer(page.text)] if quote.split() else []
    return min(found, key=lambda span: abs(span[0] - start), default=None)


def pattern(said: str) -> re.Pattern[str]:
    """Return what finds words however they are spaced, in capitals or not."""
    return re.compile(r"\s+".join(re.escape(one) for one in said.split()), re.IGNORECASE)


class Hit(Struct, frozen=True):
    """A place where what was searched for stands: the page, the place in its text, and the line around it."""

    number: int
    page: int
    first: int
    last: int
    line: str


def hits(reading: Reading, said: str) -> tuple[Hit, ...]:
    """Return where a document has some words, the first of them; none where nothing was searched for."""
    words = said[:MOST_FIND]
    if not words.split():
        return ()
    return tuple(_numbered(_hits(reading.pages, pattern(words))))


def _numbered(found: Iterable[Hit]) -> Iterator[Hit]:
    for number, one in zip(range(1, MOST_HITS + 1), found, strict=False):
        yield Hit(number, one.page, one.first, one.last, one.line)


def _hits(pages: Iterable[Page], wanted: re.Pattern[str]) -> Iterator[Hit]:
    for page in pages:
        for one in wanted.finditer(page.text):
            begins = page.text.rfind("\n", 0, one.start()) + 1
            ends = page.text.find("\n", one.end())
            line = page.text[begins : ends if ends >= 0 else None]
            yield Hit(0, page.number, one.start(), one.end(), " ".join(line.split()))


def of_lines(page: Page, numbers: Iterable[int]) -> tuple[int, int] | None:
    """Return the stretch of text from the first to the last of some lines, without the space around; None of none."""
    wanted = set(numbers)
    chosen = [one for one in _lines(page.text, ()) if one.number in wanted]
    if not chosen:
        return None
    return _bare(page.text, chosen[0].first, chosen[-1].last)


def of_area(page: Page, area: tuple[float, float, float, float]) -> tuple[int, int] | None:
    """Return the stretch of text from the first to the last word whose middle lies in a rectangle; None of none."""
    left, top, right, bottom = area
    within = [
        one
        for one in page.words
        if one.box is not None
        and left <= (one.box.left + one.box.right) / 2 <= right
        and top <= (one.box.top + one.box.bottom) / 2 <= bottom
    ]
    if not within:
        return None
    first, last = min(one.start for one in within), max(one.start + len(one.text) for one in within)
    return _bare(page.text, first, last)


def _bare(text: str, first: int, last: int) -> tuple[int, int] | None:
    said = text[first:last]
    if not said.strip():
        return None
    return first + len(said) - len(said.lstrip()), last - len(said) + len(said.rstrip())


def area_of(said: str) -> tuple[float, float, float, float] | None:
    """Return a rectangle as an address says it, ``left,top,right,bottom`` in parts of the page; None of other text."""
    parts = said.split(",")
    if len(parts) != _AREA or not all(re.fullmatch(r"[01](\.\d{1,6})?", one) for one in parts):
        return None
    left, top, right, bottom = map(float, parts)
    return (left, top, right, bottom) if left < right and top < bottom else None
