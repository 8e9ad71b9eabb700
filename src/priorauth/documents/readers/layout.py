"""Words with places as lines of text, so that what stood in columns stands in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

from priorauth.documents.pages import Box, Page, Word, cut

_SAME_LINE: Final = 0.5
"""Two words are of one line where they share so much of the height of the lower one."""
_MOST_COLUMNS: Final = 200


class Placed(NamedTuple):
    """A word where it stands, in any unit, the upper left corner at 0, 0."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: float = 1.0


class Sheet(NamedTuple):
    """The size of a page, in the unit of its words, and in points."""

    width: float
    height: float
    points: tuple[float, float]


def page_of(number: int, words: Iterable[Placed], sheet: Sheet, **more: object) -> Page:
    """Return a page whose text sets its words apart as they stood: gaps in a line become spaces, gaps between lines a
    line that is empty.
    """
    rows = lines([word for word in words if word.text.strip()])
    column = _column(rows)
    left = min((word.left for line in rows for word in line), default=0.0)
    text, made, below = "", list[Word](), None
    heights = [word.bottom - word.top for line in rows for word in line]
    usual = median(heights) if heights else 0.0
    for line in rows:
        if below is not None:
            text += "\n\n" if line[0].top - below > 1.2 * usual else "\n"
        begun = len(text)
        before: Placed | None = None
        for word in line:
            at = begun + min(round((word.left - left) / column), _MOST_COLUMNS) if column else 0
            gap = max(at - len(text), 0 if before is None else 1)
            if before is not None and word.left - before.right < 1.6 * column:
                gap = 1  # it stands one space behind the word before it
            text += " " * gap
            made.append(Word(word.text, len(text), _box(word, sheet), round(word.sure, 3)))
            text += word.text
            before = word
        below = max(word.bottom for word in line)
    width, height = sheet.points
    return Page(number=number, text=text, words=tuple(made), width=round(width, 2), height=round(height, 2), **more)  # type: ignore[arg-type]


def lines(words: list[Placed]) -> list[list[Placed]]:
    """Return words by line, the lines from the top, the words of each from the left."""
    rows: list[list[Placed]] = []
    for word in sorted(words, key=lambda one: ((one.top + one.bottom) / 2, one.left)):
        if rows and _shares(rows[-1], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(line, key=lambda one: one.left) for line in rows]


def _shares(line: Sequence[Placed], word: Placed) -> bool:
    top, bottom = median(one.top for one in line), median(one.bottom for one in line)
    common = min(bottom, word.bottom) - max(top, word.top)
    return common >= _SAME_LINE * max(min(bottom - top, word.bottom - word.top), 1e-9)


def _column(rows: list[list[Placed]]) -> float:
    """Return the width of a character as most words have it."""
    widths = [(word.right - word.left) / len(word.text) for line in rows for word in line if len(word.text) > 1]
    return median(widths) if widths else 1.0


def _box(word: Placed, sheet: Sheet) -> Box:
    across, down = sheet.width, sheet.height
    return cut(word.left / across, word.top / down, word.right / across, word.bottom / down)
