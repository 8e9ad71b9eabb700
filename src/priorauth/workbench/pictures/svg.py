"""SVG as text: elements whose texts and attributes are escaped one and all, and how wide words are on paper."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup, escape
from msgspec import Struct

from priorauth.values.printable import printable

WIDE: Final = 720
NARROW: Final = 288
"""Widths of paper in units; a page shows the narrow picture where it has less room than the wide one needs."""
TEXT: Final = 13
SMALL: Final = 12
"""Sizes of letters in units of the paper."""
BOLD: Final = 1.2
"""How much wider bold letters are at most: words are measured as of that much larger letters."""
LINE: Final = 16
"""The height of a line of text."""
INK: Final = "currentColor"
_EM: Final = {"W": 1.05, "F": 1.05}
_NARROW, _LETTER, _CAPITAL = 0.36, 0.6, 0.74
_LATIN: Final = "\u02ff"
"""Of letters beyond these it is not known how wide they are."""


class Table(Struct, frozen=True):
    """What a picture says, as a table: its caption, the heads of its columns, its rows in words."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Picture(Struct, frozen=True):
    """A picture for wide and for narrow pages, and the table of the same; both pictures are SVG, ready for a page."""

    wide: Markup
    narrow: Markup
    table: Table


def element(name: str, *inside: Markup, **attributes: str | float | None) -> Markup:
    """Return an element; of attributes ``_`` stands for ``-``, a last one falls away, None leaves one out."""
    given = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _plain(value))
        for key, value in attributes.items()
        if value is not None
    )
    tag = escape(name)
    if not inside:
        return Markup("<{}{}/>").format(tag, given)
    return Markup("<{}{}>{}</{}>").format(tag, given, Markup("").join(inside), tag)


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return printable(value)
    return f"{value:.1f}".removesuffix(".0")


def words(text: str) -> Markup:
    """Return a text as it stands between tags."""
    return escape(printable(text))


def text(x: float, y: float, said: str, **attributes: str | float | None) -> Markup:
    """Return words whose baseline begins (or, by ``text_anchor``, ends) at a place."""
    given: dict[str, str | float | None] = {"font_size": SMALL, **attributes}
    return element("text", words(said), x=x, y=y, **given)


def group(class_: str, *inside: Markup, title: str | None = None) -> Markup:
    """Return a group; its title is shown to who points at it."""
    named = () if title is None else (element("title", words(title)),)
    return element("g", *named, *inside, class_=class_)


def root(name: str, size: tuple[float, float], said: tuple[str, str], *inside: Markup, role: str = "img") -> Markup:
    """Return a whole picture: ``name`` is its id on the page, ``said`` its title and its description.

    ``role`` is ``img``, or ``group`` of a picture in which there is something to press.
    """
    width, height = size
    return element(
        "svg",
        element("title", words(said[0]), id=f"{name}-title"),
        element("desc", words(said[1]), id=f"{name}-says"),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        class_="picture",
        role=role,
        aria_labelledby=f"{name}-title {name}-says",
        font_family="system-ui, sans-serif",
        fill=INK,
    )


def box(x: float, y: float, width: float, height: float, **attributes: str | float | None) -> Markup:
    """Return a rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: str | float | None) -> Markup:
    """Return a line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=INK, **attributes)


def path(points: Sequence[tuple[float, float]], **attributes: str | float | None) -> Markup:
    """Return a closed shape."""
    steps = " ".join(f"{'L' if place else 'M'}{_plain(x)} {_plain(y)}" for place, (x, y) in enumerate(points))
    return element("path", d=f"{steps}Z", **attributes)


def hatching(name: str) -> Markup:
    """Return the pattern of slanted lines that stands for what is not known, under an id."""
    slanted = line(0, 6, 6, 0, stroke_width=1)
    pattern = element("pattern", slanted, id=name, width=6, height=6, patternUnits="userSpaceOnUse")
    return element("defs", pattern)


# ---- how wide words are


def wide(said: str, size: float = SMALL) -> float:
    """Return at most how wide words are, in units of the paper, whatever sans-serif letters a machine has."""
    return size * sum(map(_em, printable(said)))


def _em(letter: str) -> float:
    if letter in " .,:;'|!il()[]":
        return _NARROW
    if letter in "MWmw@%":
        return 1.0
    broad = unicodedata.east_asian_width(letter)
    return _EM.get(broad, _CAPITAL if letter.isupper() or letter > _LATIN else _LETTER)


def lines(said: str, room: float, size: float = SMALL) -> list[str]:
    """Break words into lines that fit into a room; a word that is too long is cut."""
    found: list[str] = []
    for word in printable(said).split():
        whole = f"{found[-1]} {word}" if found else word
        if found and wide(whole, size) <= room:
            found[-1] = whole
        else:
            found.append(short(word, room, size))
    return found


def short(said: str, room: float, size: float = SMALL) -> str:
    """Return words that fit into a room: the first of them, with an ellipsis, where not all do."""
    said = printable(said)
    if wide(said, size) <= room:
        return said
    left = room - wide("…", size)
    kept = ""
    for letter in said:
        left -= size * _em(letter)
        if left < 0:
            break
        kept += letter
    return f"{kept}…"


def begin(x: float, said: str, right: float, left: float = 0, size: float = SMALL) -> float:
    """Return where words begin so that they stand as near to ``x`` as they can between two edges."""
    return max(min(x, right - wide(said, size)), left)


def packed(spans: Iterable[tuple[float, float]], gap: float = 4) -> list[int]:
    """Give each span of a line a row, the first in which it touches no other; in the order in which they come."""
    rows: list[list[tuple[float, float]]] = []
    found = []
    for low, high in spans:
        row = next(
            (place for place, row in enumerate(rows) if all(high + gap <= a or low >= b + gap for a, b in row)),
            len(rows),
        )
        if row == len(rows):
            rows.append([])
        rows[row].append((low, high))
        found.append(row)
    return found
