"""A payer's text as a reader has it: its letters without the marks of one copy, and the way back to page and line.

Two copies of one text differ in white space, hyphens at the ends of lines, page breaks, running heads, page numbers,
emphasis and bullets, and say the same. So sentences are compared by their *letters*: small letters, digits, and the few
marks that change a meaning (``7.0``, ``30-60``, ``>``, ``%``); what stands between is left out.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from priorauth.errors import Fault, InputRefused
from priorauth.trace import furniture
from priorauth.trace.furniture import Line

MOST_LETTERS: Final = 4_000_000
"""How many characters a text may have: some 1,500 pages."""
JOINT: Final = " "
"""What stands among the letters where two figures meet."""
DIGITS: Final = 16
"""How many digits of a hash stand for a sentence."""
_MARKS: Final = str.maketrans(dict.fromkeys("®™©℠*`\\\u00ad\u200b\ufeff", ""))
_RUN_IN: Final = re.compile(r"(?<=\w)\*\*(?:\*\*)?(?=\w)")
_LINK: Final = re.compile(r"(?<=\])\([^()\s]*\)")
_RULED: Final = re.compile(r"(?m)^(?=.*--)[ \t|:+=-]+$")
_TAG: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_KEPT: Final = {"%": "%", "<": "<", ">": ">", "=": "=", "≤": "<=", "≥": ">=", "§": "§", "$": "$", "+": "+", "&": "and"}
_EDGE: Final = re.compile(r"[\n.!?•▪■●◦]")
_MAYBE: Final = re.compile(r"[):]")
_FIRM: Final = re.compile(r"[.;:!?)\]]|\n\s*\n|[•▪■●◦]")
_THOUSAND: Final = re.compile(r"\d{3}(?!\d)")


class Edge(Struct, frozen=True):
    """A letter at which a sentence may begin, and mostly end; ``firm``: not for the end of a line alone.

    After a bracket or a colon a sentence may begin, for a label may stand there, but none ends.
    """

    letter: int
    ends: bool = True
    firm: bool = True


class Source(Struct, frozen=True):
    """One copy of a text.

    ``raw``: its lines as they are read, running heads after all else. ``letters``: what is compared; ``at[i]`` is where
    letter ``i`` stands in ``raw``. ``lines``: where each line begins in ``raw``, with its page and its number there.
    """

    name: str
    sha256: str
    raw: str
    letters: str
    at: array[int]
    begins: tuple[int, ...]
    lines: tuple[tuple[int, int], ...]
    running: int
    """The letter from which on running heads stand."""

    def text(self, start: int, end: int) -> str:
        """Return the words between two letters, the mark that ends them included, on one line."""
        if start >= end:
            return ""
        first, last = self.at[start], self.at[end - 1] + 1
        after = re.match(r"[.;:!?)\]\"”\u2019]*", self.raw[last : last + 4])
        return " ".join((self.raw[first:last] + (after[0] if after else "")).split())

    def place(self, letter: int) -> tuple[int, int]:
        """Return the page and the line, both from 1, on which a letter stands."""
        if not self.at:
            return (1, 1)
        where = self.at[min(letter, len(self.at) - 1)]
        return self.lines[bisect_right(self.begins, where) - 1]

    def gap(self, letter: int) -> str:
        """Return what stands before a letter and after the one before it: white space and marks."""
        if letter >= len(self.at):
            return "\n\n"
        return self.raw[(self.at[letter - 1] + 1 if letter else 0) : self.at[letter]]

    def edges(self) -> Iterator[Edge]:
        """Yield every letter at which a sentence may begin or end."""
        yield Edge(0)
        at, letters = self.at, self.letters
        for letter in range(1, len(at)):
            if (
                letters[letter] == JOINT
            ):  # what parts two figures belongs to neither: it may end one, and begin the next
                between = self.raw[at[letter - 1] + 1 : at[letter + 1]]
            elif at[letter] - at[letter - 1] > 1 and letters[letter - 1] != JOINT:
                between = self.gap(letter)
            else:
                continue
            firm = _FIRM.search(between) is not None
            if _EDGE.search(between):
                yield Edge(letter, firm=firm)
                if letters[letter] == JOINT:
                    yield Edge(letter + 1, firm=firm)
            elif _MAYBE.search(between) and letters[letter] != JOINT:
                yield Edge(letter, ends=False, firm=firm)
        yield Edge(len(at))

    def hash(self, start: int, end: int) -> str:
        """Return the hash of the letters from one to another."""
        return digest(self.letters[start:end])


def digest(letters: str) -> str:
    """Return the hash that stands for a sentence."""
    return hashlib.sha256(letters.encode()).hexdigest()[:DIGITS]


def read(pages: Iterable[str], name: str, sha256: str = "") -> Source:
    """Return a copy of a text, given page by page; raises InputRefused where there is none, or too much."""
    listed = [_clean(page) for page in pages]
    if sum(map(len, listed)) > MOST_LETTERS:
        raise InputRefused(Fault(name, None, f"expected a text of at most {MOST_LETTERS:,} characters"))
    body, running = furniture.apart(furniture.lines(listed))
    raw, begins, places, end = _written(body, running)
    letters, at = _letters(raw)
    if not letters:
        raise InputRefused(Fault(name, None, "expected a text, found no letters"))
    return Source(name, sha256, raw, letters, at, begins, places, sum(1 for where in at if where < end))


def of_text(text: str, name: str, sha256: str = "") -> Source:
    """Return a copy of a text that stands in one piece; a form feed parts its pages."""
    return read(text.split("\f"), name, sha256)


def _clean(page: str) -> str:
    """Return a page without what only one copy has: marks of emphasis, tags, addresses of links, other spellings."""
    page = unicodedata.normalize("NFKC", _TAG.sub(" ", _RUN_IN.sub(furniture.BROKEN, page).translate(_MARKS)))
    return (
        _RULED.sub("", _LINK.sub("", page))
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n\n")
    )


def _written(
    body: Sequence[Line], running: Sequence[Line]
) -> tuple[str, tuple[int, ...], tuple[tuple[int, int], ...], int]:
    """Return the lines in one piece, where each begins, its page and number, and where running heads begin."""
    parts: list[str] = []
    begins: list[int] = []
    places: list[tuple[int, int]] = []
    where = end = 0
    for listed in (body, running):
        for line in listed:
            begins.append(where)
            places.append((line.page, line.number))
            parts.append(f"{line.text}\n")
            where += len(line.text) + 1
        if listed is body:
            end = where
            parts.append("\n")
            where += 1
    return "".join(parts), tuple(begins) or (0,), tuple(places) or ((1, 1),), end


def _letters(raw: str) -> tuple[str, array[int]]:
    """Return the letters of a text and where each stands."""
    found: list[str] = []
    at = array("L")
    before = -2
    for where, char in enumerate(raw):
        if char.isalnum():
            if char.isdigit() and found and found[-1].isdigit() and before != where - 1:
                joint = _joint(raw[before + 1 : where], raw, where)
                found.extend(joint)
                at.extend([where - 1] * len(joint))
            small = char.casefold()
            found.append(small[0] if len(small) == 1 else "".join(small))
            at.append(where)
            if len(small) > 1:  # ß and its like: one place, several letters
                found[-1:] = list(small)
                at.extend([where] * (len(small) - 1))
            before = where
        elif char in _KEPT:
            kept = _KEPT[char]
            found.extend(kept)
            at.extend([where] * len(kept))
            before = where
    return "".join(found), at


def _joint(between: str, raw: str, where: int) -> str:
    """Return what parts two digits: figures never run together, and 1,000 is 1000."""
    bare = between.strip()
    if between == ".":
        return "."
    if between == "," and _THOUSAND.match(raw, where):
        return ""
    if bare in {"-", "\u2013", "—", "\u2010", "\u2011", "\u2212"}:
        return "-"
    return bare if bare in {"/", ":"} and bare == between else JOINT
