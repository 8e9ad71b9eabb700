"""Sentences: where each begins and ends in a copy of a text, and the label of the list item that it stands in.

A sentence ends with its mark, with the paragraph, or where the next item of a list begins. A line that goes on in small
letters after a blank one, with no mark before it, is no new paragraph: copies break there by chance.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from priorauth.trace.source import JOINT, Source

_BULLET: Final = re.compile(r"\s*(?:[•▪■●◦·❖►‣\u2043-]|o(?=\s+[A-Z(]))\s+")
_LABEL: Final = re.compile(
    r"(?:(?:Section|Part|Article)\s+)?\(?(?P<label>[A-Za-z]|[ivxl]{1,5}|[IVXL]{1,5}|\d{1,2}(?:\.\d{1,2}){0,4})"
    r"(?:[.):](?=\s)|\)(?=\S))\s*"
)
_STOP: Final = re.compile(r"(?<=[.!?])[\"”\u2019)\]]*\s+(?=[\"“\u2018(\[]?[A-Z0-9])")
_ABBREVIATED: Final = re.compile(
    r"(?i)(?:\b(?:e\.?g|i\.?e|vs|no|nos|sec|ch|ref|approx|dr|mr|mrs|ms|inc|ltd|corp|etc|fig|al|st|gen|stat"
    r"|conn|pub|rev|vol|pp|ed|eds|suppl"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec)|\b[A-Z]|^\W*\d{1,2})\.$"
)
_CITATION: Final = re.compile(
    r"\b(?:19|20)\d\d\s*;\s*[\d(]|\bdoi\b|\bet al\b|\bUpToDate\b|\bAvailable at\b"
    r"|(?<!\()\bAccessed (?:on )?[A-Z][a-z]+ \d"
)
_CODE: Final = re.compile(r"\s*[A-Z]\d{4}(?:\b|(?=[A-Z]))")
_PARTED: Final = re.compile(r"\n[ \t]*\n\s*")
_LONGEST: Final = 12
_WIDE: Final = 40
"""How many characters a line has at least that a figure goes on after: shorter ones are headings."""
_LABEL_LETTERS: Final = re.compile(r"(?:section|part|article)?(?:[a-z]|[ivxl]{1,6}|\d{1,2}(?:\.\d{1,2}){0,4})")


Cut = tuple[int, str | None]
"""A letter at which a sentence begins, and the label of the item of a list that it begins."""


class Sentence(Struct, frozen=True):
    """A sentence between two letters of a copy; ``label`` is that of the item of a list which it begins."""

    start: int
    end: int
    label: str | None = None


def sentences(source: Source) -> list[Sentence]:
    """Return the sentences of a copy."""
    return between(source, cuts(source), 0, len(source.letters))


def cuts(source: Source) -> list[Cut]:
    """Return each letter of a copy at which a sentence begins, after its label, and that label."""
    return list(_cuts(source))


def between(source: Source, listed: list[Cut], start: int, last: int) -> list[Sentence]:
    """Return the sentences between two letters of a copy; ``listed`` are the cuts of the whole."""
    found: list[Sentence] = []
    first = bisect_left(listed, start, key=lambda cut: cut[0])
    begun = listed[first : bisect_left(listed, last, key=lambda cut: cut[0])]
    if not begun or begun[0][0] > start:
        begun.insert(0, (start, None))
    for (here, label), (there, _) in zip(begun, [*begun[1:], (last, None)], strict=True):
        stop = label_before(source, there, here)[1] if there < last else last
        while stop > here and source.letters[stop - 1] == JOINT:
            stop -= 1
        if stop > here:
            found.append(Sentence(here, stop, label))
    return found


def label_before(source: Source, letter: int, floor: int = 0) -> tuple[str | None, int]:
    """Return the label that stands right before a letter, and the letter at which that label begins."""
    first = source.raw.rfind("\n", 0, source.at[letter]) + 1 if letter < len(source.at) else 0
    found = _labelled(source.raw, first)
    if found is None or letter >= len(source.at) or found[1] > source.at[letter]:
        return None, letter
    between = source.raw[found[1] : source.at[letter]]
    if any(char.isalnum() for char in between):
        return None, letter
    begin = bisect_left(source.at, found[2])
    return (found[0], begin) if begin >= floor else (None, letter)


def begins_item(source: Source, letter: int) -> bool:
    """Whether a letter is the first of a line that begins with a label or a bullet."""
    first = source.raw.rfind("\n", 0, source.at[letter]) + 1
    before = source.raw[first : source.at[letter]]
    found = _labelled(source.raw, first)
    return bool(before.strip(" \t(")) or (found is not None and found[2] <= source.at[letter] < found[1])


def is_label(letters: str) -> bool:
    """Whether letters that no sentence covers are those of a label."""
    return len(letters) <= _LONGEST and _LABEL_LETTERS.fullmatch(letters) is not None


def _cuts(source: Source) -> Iterator[tuple[int, str | None]]:
    """Yield each letter at which a sentence begins, after its label, and that label."""
    seen = -1
    for where, label in sorted(_places(source.raw), key=lambda found: found[0]):
        letter = bisect_left(source.at, where)
        if letter < len(source.at) and letter > seen:
            seen = letter
            yield letter, label


def _places(raw: str) -> Iterator[tuple[int, str | None]]:
    """Yield where sentences begin in the lines of a text: blocks, items of lists, and within these by their marks."""
    begins = sorted(_blocks(raw))
    for (first, label), (last, _) in zip(begins, [*begins[1:], (len(raw), None)], strict=True):
        yield first, label
        block = raw[first:last]
        if _CITATION.search(block):
            continue
        for stop in _STOP.finditer(block):
            before = block[max(0, stop.start() - _LONGEST) : stop.start()]
            if not _ABBREVIATED.search(before):
                yield first + stop.end(), None


def _blocks(raw: str) -> Iterator[tuple[int, str | None]]:
    """Yield where paragraphs and items of lists begin, after bullet and label."""
    yield from _item(raw, 0)
    for found in re.finditer(r"\n", raw):
        after = found.end()
        parted = _PARTED.match(raw, found.start())
        if parted:
            after = parted.end()
        item = list(_item(raw, after))
        new = item[0] != (after, None) or _CODE.match(raw, after) is not None
        if new or (parted and not _goes_on(raw, found.start(), after)):
            yield item[0]


def _item(raw: str, where: int) -> Iterator[tuple[int, str | None]]:
    """Yield the place after bullet and label of a line, with the label; the place itself where it has neither."""
    found = _labelled(raw, where)
    if found is not None:
        yield found[1], found[0]
        return
    bullet = _BULLET.match(raw, where)
    yield (bullet.end() if bullet else where), None


def _labelled(raw: str, where: int) -> tuple[str, int, int] | None:
    """Return the label with which a line begins, where what it labels begins, and where the label itself stands."""
    bullet = _BULLET.match(raw, where)
    begin = bullet.end() if bullet else where
    while begin < len(raw) and raw[begin] in " \t":
        begin += 1
    label = _LABEL.match(raw, begin)
    if label is None or "\n" in raw[begin : label.end()].rstrip():
        return None
    return label["label"], label.end(), begin


def _goes_on(raw: str, before: int, after: int) -> bool:
    """Whether a paragraph goes on after a blank line: no mark before it, a small letter, bracket or figure after."""
    line = raw[raw.rfind("\n", 0, before) + 1 : before].rstrip()
    first = raw[after : after + 1]
    if not line or line[-1] in ".:;!?":
        return False
    return first.islower() or (first == "(" and line[-1] != ")") or (first.isdigit() and len(line) >= _WIDE)
