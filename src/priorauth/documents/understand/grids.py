"""Questions with a mark under YES or NO: which column it stands in, and what is written behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_HEAD: Final = re.compile(r"(?:^|\s{2,})(?P<yes>YES|Yes|yes|Y|y)\s{2,}(?P<no>NO|No|no|N|n)(?=\s{2,}|\s*$)")
_MARK: Final = re.compile(r"(?<=\s)(?:\[?[xX✓✔√]\]?)(?=\s|$)")
_EMPTY: Final = re.compile(r"\[ {0,3}\]|\( {0,3}\)|(?<=\s)_{2,}(?=\s|$)")
_NEAR: Final = 4
"""So many columns a mark may stand off the middle of its head."""
_PROSE: Final = re.compile(r"(?:\S+ ){9,}\S+")
_SECTION: Final = re.compile(r"\s*(?:\d{1,2}\.|[A-Z]\.|SECTION\b|PART\b)\s+[A-Z][A-Z ]{2,}")


class Row(NamedTuple):
    """A question that is answered: where its line begins, where its words and its mark begin and end, and the answer."""

    line: int
    label: tuple[int, int]
    mark: tuple[int, int]
    yes: bool
    comment: str


def rows(text: str) -> Iterator[Row]:
    """Yield the questions of a page that bear one mark beneath YES or NO."""
    for line, start, columns in _lines(text):
        hits = [hit for hit in _MARK.finditer(line) if _column(hit, columns) is not None]
        if len(hits) != 1:
            continue
        label = _EMPTY.sub(lambda hit: " " * len(hit.group()), line[: hits[0].start()]).rstrip()
        if label.strip():
            begins = len(label) - len(label.lstrip())
            yes = _column(hits[0], columns) == 0
            comment = _EMPTY.sub(lambda hit: " " * len(hit.group()), line[hits[0].end() :])
            yield Row(start, (begins, len(label)), hits[0].span(), yes, comment)


def masked(text: str) -> str:
    """Return a text without the questions of its grids, as long as before; what is written behind a yes stays."""
    for line, start, columns in list(_lines(text)):
        hits = [hit for hit in _MARK.finditer(line) if _column(hit, columns) is not None]
        last = hits[0].end() if len(hits) == 1 and _column(hits[0], columns) == 0 else len(line)
        text = text[:start] + " " * last + text[start + last :]
    return text


def _lines(text: str) -> Iterator[tuple[str, int, tuple[float, float]]]:
    """Yield the lines beneath a head of YES and NO, with where each begins and the middles of the two columns."""
    columns: tuple[float, float] | None = None
    start, empty = 0, 0
    for line in text.split("\n"):
        head = _HEAD.search(line)
        if head is not None:
            columns, empty = (sum(head.span("yes")) / 2, sum(head.span("no")) / 2), 0
        elif columns is not None:
            goes_on = not empty or _MARK.search(line) is not None or "?" in line
            if line.strip() and (
                not goes_on or _SECTION.match(line) or (_PROSE.search(line.strip()) and _MARK.search(line) is None)
            ):
                columns = None
            elif line.strip():
                yield line, start, columns
            empty = 0 if line.strip() else empty + 1
        start += len(line) + 1


def _column(hit: re.Match[str], columns: tuple[float, float]) -> int | None:
    """Return beneath which of the two heads a mark stands; None where it stands beneath neither."""
    off = [abs(sum(hit.span()) / 2 - middle) for middle in columns]
    best = off.index(min(off))
    return best if off[best] <= _NEAR and off[best] < off[1 - best] else None
