"""Boxes that are written as brackets, ``[ ]`` and ``[x]``, mended where they were recognised as something like them.

A box counts as ticked only where a cross was recognised and the picture is dark there; in doubt it is empty, which says
nothing of its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING, Final

from priorauth.documents.readers.layout import Placed, lines
from priorauth.documents.readers.squares import EMPTY, TICKED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points = NDArray[np.bool_]

_OPEN, _CLOSE, _CROSS = r"\[{(|", r"\]})|", r"xX\u00d7"
_WITHIN: Final = re.compile(
    rf"(?P<before>.*?)(?P<box>[{_OPEN}]?[\[{{][{_CROSS}]?[{_CLOSE}]+|[{_OPEN}]+[{_CROSS}]?[\]}}]"
    rf"|[\[{{]J(?![a-z])|[{_OPEN}fiIl1]?[\[{{(][{_CROSS}][\]}}j1lI]|[{_OPEN}fiIl][{_CROSS}][\]}}])(?P<after>.*)"
)
"""A box within a word: at least one of its brackets was recognised as one."""
_OPENING: Final = re.compile(rf"[fiIl]?[{_OPEN}]|[fiIl1]$")
_CLOSING: Final = re.compile(rf"[{_CROSS}]?[{_CLOSE}ijl1I]")
_SURE: Final = re.compile(r"[\[\]{}]")
_LONE: Final = re.compile(r"[fiIl]?[\[{]|[\[{][.,'-]?")
_INSIDE: Final = 0.05
"""Of the middle of a box that is ticked at least so much is dark."""
_APART: Final = 3.2
"""How many times their height the brackets of a box may stand apart."""
_SHORT: Final = 3
_KNOWN: Final = 0.85
_GUESSED: Final = 0.6
_NUMBERED: Final = re.compile(r"(?:\d+|[A-Za-z])[.,):]?|[-*\u2022]")
"""What begins a line of a list."""


def boxed(words: Sequence[Placed], dark: Points) -> list[Placed]:
    """Return words with boxes as one word each; ``dark``: the points of the picture that they were recognised in."""
    made = [list(_line(line, dark)) for line in lines(list(words))]
    _beneath(made, dark)
    return [word for line in made for word in line]


def found(words: Sequence[Placed], pairs: Sequence[Placed]) -> list[Placed]:
    """Return words with boxes that were seen in the picture where no letter was recognised."""
    made = list(words)
    for pair in pairs:
        over = [word for word in made if _covers(word, pair)]
        if all(not any(sign.isalnum() for sign in word.text) and word.text not in (EMPTY, TICKED) for word in over):
            made = [word for word in made if word not in over]
            made.append(pair)
    return made


def _covers(word: Placed, pair: Placed) -> bool:
    """Whether a word and a box share more than an edge."""
    across = min(word.right, pair.right) - max(word.left, pair.left)
    down = min(word.bottom, pair.bottom) - max(word.top, pair.top)
    return down > 0 and across > min(0.2 * (pair.right - pair.left), 0.5 * (word.right - word.left))


def _line(line: Sequence[Placed], dark: Points) -> Iterator[Placed]:
    """Yield the words of a line, with the boxes that its own words show."""
    left = [part for word in line for part in _ended(word)]
    if len(left) > 1 and re.fullmatch(r"[\]}]", left[0].text):
        left[0] = left[0]._replace(text="[")  # the closing one of an empty box is all that was recognised
    while left:
        word = left.pop(0)
        high = word.bottom - word.top
        after = left[0] if left else None
        if len(left) > 1 and _crosses(word, *left[:2]):
            yield _box(_around(word, left[1]), dark, crossed=True)
            del left[:2]
        elif (
            after is not None
            and _OPENING.fullmatch(word.text)
            and _CLOSING.fullmatch(after.text)
            and _SURE.search(word.text + after.text)
            and after.left - word.right < _APART * max(high, after.bottom - after.top)
        ):
            yield _box(_around(word, left.pop(0)), dark, crossed=bool(re.search(rf"[{_CROSS}]", after.text)))
        elif _LONE.fullmatch(word.text) and (after is None or 0.4 * high < after.left - word.right) and not _led(after):
            yield _box(
                word._replace(right=min(word.right + high, after.left if after else word.right)), dark, crossed=False
            )
        elif (found := _WITHIN.fullmatch(word.text)) and _SURE.search(found["box"]):
            yield from _parted(word, found, dark)
        else:
            yield word


def _ended(word: Placed) -> list[Placed]:
    """Return a word and the bracket at its end as two: ``No[`` of ``No[ ]``."""
    if len(word.text) < 2 or word.text[-1] not in "[{" or not word.text[-2].isalnum():  # noqa: PLR2004 - a letter and a bracket
        return [word]
    at = word.right - (word.right - word.left) / len(word.text)
    return [word._replace(text=word.text[:-1], right=at), word._replace(text=word.text[-1], left=at)]


def _crosses(one: Placed, two: Placed, three: Placed) -> bool:
    """Whether three words are a bracket, a cross and a bracket, one of them for sure."""
    near = three.left - one.right < _APART * (one.bottom - one.top)
    shaped = _OPENING.fullmatch(one.text) and two.text in "xX\u00d7" and _CLOSING.fullmatch(three.text)
    return bool(near and shaped and _SURE.search(one.text + three.text))


def _led(after: Placed | None) -> bool:
    """Whether a cross follows, which is no label."""
    return after is not None and bool(re.fullmatch(rf"[{_CROSS}][{_CLOSE}]?", after.text))


def _parted(word: Placed, found: re.Match[str], dark: Points) -> Iterator[Placed]:
    """Yield what stands in a word before its box, the box, and what stands behind it."""
    each = (word.right - word.left) / len(word.text)
    start, end = (word.left + each * found.start("box"), word.left + each * found.end("box"))
    before, after = found["before"], found["after"]
    if before.strip("-.,:;'`|"):
        yield word._replace(text=before, right=start)
    yield _box(word._replace(left=start, right=end), dark, crossed=bool(re.search(rf"[{_CROSS}]", found["box"])))
    if after.strip("-.,:;'`|"):
        rest = word._replace(text=after.lstrip("-.,:;'`|"), left=end)
        again = _WITHIN.fullmatch(rest.text)
        if again and _SURE.search(again["box"]):
            yield from _parted(rest, again, dark)
        else:
            yield rest


def _box(at: Placed, dark: Points, *, crossed: bool) -> Placed:
    return at._replace(text=TICKED if crossed and _ink(at, dark) > _INSIDE else EMPTY)


def _ink(at: Placed, dark: Points) -> float:
    """Return how much of the middle of a box is dark."""
    wide, high = at.right - at.left, at.bottom - at.top
    inner = dark[
        max(int(at.top + 0.15 * high), 0) : int(at.bottom - 0.15 * high) + 1,
        max(int(at.left + 0.25 * wide), 0) : int(at.right - 0.25 * wide) + 1,
    ]
    return float(inner.mean()) if inner.size else 0.0


def _beneath(made: list[list[Placed]], dark: Points) -> None:
    """Set an empty box where those above and below it have one, and only dirt or a letter or two were recognised."""
    for number, line in enumerate(made):
        near = [word for other in (number - 1, number + 1) if 0 <= other < len(made) for word in made[other]]
        for box in [word for word in near if word.text in (EMPTY, TICKED)]:
            high = box.bottom - box.top
            if not line or abs(median(word.top for word in line) - box.top) > 2.5 * high:
                continue
            place = next((at for at, word in enumerate(line) if abs(word.left - box.left) < 0.6 * high), None)
            if place is not None and _dirt(line, place):
                line[place] = line[place]._replace(text=EMPTY)
            elif place is None and _lost(line, box, dark):
                line.insert(0, box._replace(text=EMPTY, top=line[0].top, bottom=line[0].bottom))


def _dirt(line: Sequence[Placed], place: int) -> bool:
    """Whether a word may be what became of a box: short, and no word that was recognised for sure."""
    word = line[place]
    if word.text in (EMPTY, TICKED) or len(word.text) > _SHORT or word.sure > _KNOWN:
        return False
    if place or len(line) == 1 or _NUMBERED.fullmatch(word.text):
        return False
    return not word.text.isalnum() or (len(word.text) < _SHORT and word.sure < _GUESSED)


def _lost(line: Sequence[Placed], box: Placed, dark: Points) -> bool:
    """Whether nothing was recognised where a line begins, and the picture is not empty there."""
    first, wide = line[0], box.right - box.left
    if first.text in (EMPTY, TICKED) or not 0.2 * wide < first.left - box.right < 2.5 * (box.bottom - box.top):
        return False
    part = dark[int(first.top) : int(first.bottom) + 1, int(box.left) : int(box.right) + 1]
    return bool(part.size and part.mean() > _INSIDE)


def _around(one: Placed, other: Placed) -> Placed:
    return Placed(
        one.text,
        one.left,
        min(one.top, other.top),
        other.right,
        max(one.bottom, other.bottom),
        min(one.sure, other.sure),
    )
