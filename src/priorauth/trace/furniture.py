"""What a copy of a text has of its pages alone: running heads and feet, and the numbers of pages.

A line is a running head where it stands at the top or the foot of most pages, figures aside; in a copy without pages, a
long paragraph that stands word for word three times or more. Of each the first is kept, after all else, for a payer may
say there what counts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

EDGE: Final = 12
"""How many lines at the top, and at the foot, of a page may be running ones."""
TIMES: Final = 3
"""How often a paragraph stands in a copy without pages before it is a running one."""
LONG: Final = 60
"""How many characters such a paragraph has at least: shorter ones are headings, or the words of a list."""
BROKEN: Final = "\v\n\v\n"
"""A paragraph that ends within a line of the copy, as where a heading runs on in bold: no line is counted for it."""
_SHORT: Final = 8
_FIGURE: Final = re.compile(r"\d+")
_NUMBER: Final = re.compile(
    r"(?i)[\s\u2013|-]*(?:page\s*)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/|\|)\s*\d{1,4})?[\s\u2013|-]*"
)
_PAGE: Final = re.compile(r"(?i)(?:^|\s)page\s*\d{1,4}(?:\s*of\s*\d{1,4})?\s*$")
_LEADER: Final = re.compile(r"(?:\s|\.{2,}|…)[\s.…]*(\d{1,4})\s*$")
_LABEL: Final = re.compile(r"(?:[A-Za-z]|[ivxIVX]{1,5}|\d{1,2})[.)]\s")
_RUN: Final = 3


class Line(Struct, frozen=True):
    """A line of a copy: its page and its number on that page, both from 1."""

    text: str
    page: int
    number: int


def lines(pages: Sequence[str]) -> list[list[Line]]:
    """Return the lines of each page, without the numbers of a table of contents."""
    listed = []
    for page, text in enumerate(pages, 1):
        number = 1
        for line in text.split("\n"):
            listed.append(Line(line.rstrip(), page, number))
            number += not line.endswith("\v")
    found: list[list[Line]] = [[] for _ in pages]
    for one in _contents(listed):
        found[one.page - 1].append(one)
    return found


def apart(pages: Sequence[Sequence[Line]]) -> tuple[list[Line], list[Line]]:
    """Return the lines of the text, and the running ones, the first of each kind alone."""
    if len(pages) > 1:
        return _by_page(pages)
    return _by_paragraph([line for page in pages for line in page])


def _by_page(pages: Sequence[Sequence[Line]]) -> tuple[list[Line], list[Line]]:
    """Find running lines at the tops and feet of pages."""
    zones = [_zone(page) for page in pages]
    counted = Counter(form for zone in zones for form in {_form(line.text) for line in zone})
    # half of all pages, for left and right ones may differ; of two pages, both
    least = max(2, (len(pages) + 1) // 2)
    often = {form for form, times in counted.items() if times >= least and len(form) >= _SHORT}
    body: list[Line] = []
    running: dict[str, Line] = {}
    rests = []
    for page, zone in zip(pages, zones, strict=True):
        heads = {line.number: _form(line.text) for line in _outer(zone, often)}
        for line in zone:
            if line.number in heads:
                running.setdefault(heads[line.number], line)
        rests.append(_trimmed([line for line in page if line.number not in heads]))
    counts = Counter(
        offset for rest in rests for offset in {_offset(line) for line in _ends(rest)} if offset is not None
    )
    for rest in rests:
        numbers = {line.number for line in _ends(rest) if _numbered(line, counts)}
        body += _trimmed([line for line in rest if line.number not in numbers])
    last: list[Line] = []
    for line in running.values():
        if last and (line.page, line.number) != (last[-1].page, last[-1].number + 1):
            last.append(Line("", line.page, line.number))
        last.append(Line(_PAGE.sub("", line.text).rstrip(), line.page, line.number))
    return body, last


def _trimmed(page: list[Line]) -> list[Line]:
    """Return the lines of a page without blank ones at either end."""
    said = [at for at, line in enumerate(page) if line.text.strip()]
    return page[said[0] : said[-1] + 1] if said else []


def _ends(page: list[Line]) -> list[Line]:
    """Return the first and the last line of a page."""
    return [page[0], page[-1]] if page else []


def _offset(line: Line) -> int | None:
    """Return by how much the number that is all of a line is more than its page; None where it is no number."""
    bare = line.text.strip()
    return int(bare) - line.page if bare.isdecimal() and _NUMBER.fullmatch(bare) else None


def _numbered(line: Line, counts: Counter[int]) -> bool:
    """Whether a line is a page number: one that counts with the pages, or one that says so or is written otherwise."""
    offset = _offset(line)
    return _NUMBER.fullmatch(line.text) is not None and (offset is None or counts[offset] > 1)


def _outer(zone: list[Line], often: set[str]) -> Iterator[Line]:
    """Yield the running lines of a page from its top and from its foot on, until two lines of text lie between."""
    for listed in (zone, zone[::-1]):
        between = 0
        for line in listed:
            if _form(line.text) in often:
                between = 0
                yield line
            elif not _NUMBER.fullmatch(line.text):
                between += 1
                if between > 1:
                    break


def _zone(page: Sequence[Line]) -> list[Line]:
    """Return the lines at the top and the foot of a page, blank ones left out."""
    said = [line for line in page if line.text.strip()]
    return said if len(said) <= 2 * EDGE else said[:EDGE] + said[-EDGE:]


def _form(text: str) -> str:
    """Return a line as running ones are compared: figures and white space aside."""
    return _FIGURE.sub("#", " ".join(_PAGE.sub("", text).split())).casefold()


def _by_paragraph(listed: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Find running paragraphs in a copy without pages: long ones that stand three times or more, word for word."""
    parts = list(_paragraphs(listed))
    counted = Counter(" ".join(line.text for line in part) for part in parts if part[0].text.strip())
    often = {said for said, times in counted.items() if times >= TIMES and len(said) >= LONG and not _LABEL.match(said)}
    body: list[Line] = []
    first: dict[str, list[Line]] = {}
    for part in parts:
        said = " ".join(line.text for line in part)
        if said in often:
            first.setdefault(said, part)
        else:
            body += part
    last: list[Line] = []
    for part in first.values():
        last += [*part, Line("", part[-1].page, part[-1].number)]
    return body, last


def _paragraphs(listed: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield lines that stand together, and blank ones each by itself."""
    part: list[Line] = []
    for line in listed:
        if line.text.strip():
            part.append(line)
            continue
        if part:
            yield part
        part = []
        yield [line]
    if part:
        yield part


def _contents(listed: list[Line]) -> list[Line]:
    """Take the page numbers off a table of contents: lines below that word that end in numbers that never fall."""
    made = list(listed)
    for first, line in enumerate(listed):
        if "contents" not in line.text.casefold() or len(line.text) > LONG:
            continue
        found: list[tuple[int, int]] = []
        for at in range(first, len(listed)):
            if _PAGE.search(listed[at].text) or (_NUMBER.fullmatch(listed[at].text) and listed[at].text.strip()):
                continue
            number = _LEADER.search(listed[at].text)
            if number and (not found or int(number[1]) >= found[-1][1]):
                found.append((at, int(number[1])))
            elif listed[at].text.strip() and at > first and not _aside(listed, at):
                break
        if len(found) >= _RUN:
            for at, _ in found:
                made[at] = Line(f"• {_LEADER.sub('', listed[at].text)}", listed[at].page, listed[at].number)
    return made


def _aside(listed: Sequence[Line], at: int) -> bool:
    """Whether a line may stand within a table of contents without a number of its own: the head or foot of a page."""
    near = {line.page for line in listed[max(0, at - EDGE) : at + EDGE + 1]}
    return len(near) > 1
