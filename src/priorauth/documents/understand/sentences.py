"""A page as sentences: lines joined where the writer went on, parted where a sentence, a row or a heading ends.

A sentence keeps where each of its characters stands on the page, so that what is found in it can be quoted. Within a
sentence a gap between columns is one tab, every other space one space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from priorauth.documents.pages import Page
from priorauth.documents.understand.days import Day

_BULLET: Final = re.compile(
    r"\s*(?:[*•·▪>]+\s|-{1,2}\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s|[a-z],\s(?=[A-Z])|\[.?\]\s|[☐☑☒□■]\s?)"
)
_RULE: Final = re.compile(r"\s*[-_=*.]{6,}\s*$")
_LABELLED: Final = re.compile(r"\s*[A-Z][\w/&'-]*(?: [\w/&().'-]+){0,4}:(?=\s|$)")
_CAPS: Final = re.compile(r"\s*[A-Z][A-Z /&().,-]{3,}\s*:?\s*$")
_PATIENT: Final = re.compile(r"(?:pt|patient|she|he|mr|ms|mrs)\b", re.IGNORECASE)
"""Words with which what is told of the patient begins anew."""
_GAP: Final = re.compile(r" {3,}|\t+ *")
_COLUMN: Final = 3
"""So many spaces part columns."""
_LONG: Final = 50
"""A line from this length on may have been broken by the margin."""
_ABBREVIATED: Final = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|pt|st|vs|approx|nos|wk|wks|yr|yrs|hx|fam|mat|pat|inc|mo|mos|e\.g|i\.e|fig|dept|prov"
    r"|gen|jr|sr|ph|tel"
    r"|ext|min|max|avg|dx|rx|incl|esp|resp|hosp|est|appt)|(?<![/\d\w])(?-i:[A-Z]))\.$",
    re.IGNORECASE,
)
_SMALL: Final = re.compile(r"[a-z]{3,}\.\s+[a-z]")
"""Where a sentence may begin with a small letter: patients write so."""
_OPEN: Final = re.compile(
    r"\b(?:no|not|cannot|never|without|denies|denied|the|an?|of|and|or|with|to|is|was|has|had|be|been|for|by|in|from|her|his|any|if|neither"
    r"|nor|on|at|than|about|over|yet|that|could|would|may|might|should)$",
    re.IGNORECASE,
)
"""Words with which no sentence ends."""
_LENGTH: Final = re.compile(r"(?:/ ?|\d ?)(?:wk|wks|mo|mos|yr|yrs|hr|hrs|min)\.$", re.IGNORECASE)
_BEGINS: Final = re.compile(r"\s+[A-Z][a-z]")
_END: Final = re.compile(
    r"(?:[.!]|[?](?!\s+(?:[Nn]o|[Nn]one|[Yy]es|[Nn]ever|[Dd]enies|[YN])\b))[\"')\]”]*(?=\s+[\"'“(\[<>*•-]*[A-Z0-9]|\s*$)|(?<=\w)[.](?=\s{2,})"
)
_END_SMALL: Final = re.compile(_END.pattern + r"|(?<=[a-z]{3})\.(?=\s+[a-z])")
_SIGNS: Final = str.maketrans("’‘“”—–", "''\"\"--")
_HEADLESS: Final = re.compile(r"[OolI]")


class Sentence(NamedTuple):
    """A stretch of a page. ``text``: on one line; ``places``: where each of its characters stands in the page's text."""

    page: int
    text: str
    places: Sequence[int]
    line: int
    """Which line of the page it begins in, from 0."""
    section: str = ""
    """What kind of section it stands in, by its heading or label."""
    day: int | None = None
    """The day that it speaks from, where that is not the document's."""
    carried: bool = False
    """Whether it was carried forward from an earlier document."""
    label: str = ""
    """The words of its heading."""
    formed: bool = False
    """Whether it is a line of a form whose boxes may have been lost."""
    lead: Day | None = None
    """The day that opens the line that it stands in."""
    over: str = ""
    """The line with a colon at its end under which it is an item of a list."""

    def quoted(self, page: str, start: int, end: int) -> tuple[int, str]:
        """Return where a stretch of the sentence begins on its page, and its words as they stand there."""
        while end > start and self.text[end - 1] in " \t":
            end -= 1
        while start < end and self.text[start] in " \t":
            start += 1
        first, last = self.places[start], self.places[max(start, end - 1)] + 1
        return first, page[first:last]


class Heading(NamedTuple):
    """How a section begins: its kind, and where what stands under it begins in the line."""

    kind: str
    words: str
    end: int
    whole: bool
    """Whether the line holds nothing else."""


class Headings:
    """The headings of sections that are known, by kind."""

    def __init__(self, listed: Mapping[str, Sequence[str]]) -> None:
        """Take the words of each kind."""
        self.kinds = {_folded(words): kind for kind, many in listed.items() for words in many}
        longest = sorted(self.kinds, key=len, reverse=True)
        body = "|".join(r"\s+".join(re.escape(word) for word in words.split()) for words in longest)
        self.known = re.compile(
            rf"\s*(?:\(?\d{{1,2}}[.)]\s*|[A-Z][.)]\s+|section \d+\s+"
            rf"|[-*•]\s*)?(?P<name>{body})(?P<more>\s*\([^)\n]*\))?\s*(?P<end>:|-{{1,2}}\s|$|\s{{3,}})",
            re.IGNORECASE,
        )

    def of(self, line: str) -> Heading | None:
        """Return the heading with which a line begins; None where it has none that is known."""
        match = self.known.match(line)
        if match is None:
            return None
        name = match["name"]
        if match["end"].strip() != ":" and not (name.isupper() or name.istitle() or name[0].isupper()):
            return None
        rest = line[match.end() :].strip()
        return Heading(self.kinds[_folded(name)], name, match.end(), not rest)


def sentences(page: Page, headings: Headings) -> list[Sentence]:
    """Return the sentences of a page in order, each in the section that it stands in."""
    made: list[Sentence] = []
    section, label, indent, inline = "", "", 0, False
    over = ("", 0)
    for number, text, start in _blocks(page.text):
        if not text.strip():
            section, label = ("", "") if inline or section in _LINE_LONG else (section, label)
            over = ("", 0)
            continue
        margin = len(text) - len(text.lstrip())
        item = _BULLET.match(text) is not None or margin > over[1]
        over = over if item else ("", 0)
        head = headings.of(text)
        if head is not None:
            section, label, inline = head.kind, head.words, not head.whole
            indent = margin
        elif _ends(section, text, indent, inline=inline):
            section, label = "", ""
        flat, places = _flat(text, start)
        above = over[0]
        if flat.rstrip().endswith(":"):
            over = (flat.strip(), margin)
        for first, last in _parts(flat):
            piece = flat[first:last]
            if piece.strip(" \t-_=*."):
                made.append(Sentence(page.number, piece, places[first:last], number, section, label=label, over=above))
    return made


_LINE_LONG: Final = frozenset({"family", "social", "goal", "estimate", "allergies"})
"""Sections that a label opens within other text, and that end with their line."""


def _ends(section: str, text: str, indent: int, *, inline: bool) -> bool:
    """Whether a line that is no known heading ends the section before it."""
    own = len(text) - len(text.lstrip())
    if inline and (section in _LINE_LONG or section == "general"):
        return own <= indent and not _BULLET.match(text)
    if inline and _LABELLED.match(text):
        return own <= indent
    return bool(_CAPS.match(text)) or (bool(_LABELLED.match(text)) and own <= indent and section in ("ros", "general"))


def _blocks(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield runs of lines that belong together: the number of the first, the text, and where it begins."""
    start = 0
    held: list[str] = []
    begun, first = 0, 0
    lines = text.split("\n")
    width = max((len(line) for line in lines if not _GAP.search(line.strip())), default=0)
    for number, line in enumerate(lines):
        if held and _goes_on(held[-1], line, width, only=len(held) == 1):
            held.append(line)
        else:
            if held:
                yield first, "\n".join(held), begun
            held, begun, first = [line], start, number
        start += len(line) + 1
    if held:
        yield first, "\n".join(held), begun


def _goes_on(before: str, line: str, width: int, *, only: bool) -> bool:
    """Whether a line goes on with the sentence of the one before it."""
    old, new = before.strip(), line.strip()
    if old.endswith("--") or old.startswith("--") or new.startswith("--"):
        return False
    if old and new and _OPEN.search(old) and (new[0].islower() or not _GAP.search(new)) and not _BULLET.match(line):
        return True
    if not old or not new or _RULE.match(before) or _RULE.match(line) or _BULLET.match(line) or _CAPS.match(line):
        return False
    if _LABELLED.match(line) or (only and _CAPS.match(before)):
        return False
    if old[-1] in ".!?" and (len(before) < 0.75 * width or _PATIENT.match(new)):
        return False
    gaps = bool(_GAP.search(new))
    if new[0].islower():
        return not gaps and not old.endswith(":")
    if gaps or _GAP.search(old.split("  ", 1)[-1] if _LABELLED.match(before) else old):
        return bool(not gaps and not re.search(r"[.:;]$", old) and len(old) >= _LONG and _prose(old))
    return len(old) >= _LONG and len(before) >= 0.7 * width and not old.endswith(":") and _prose(old)


def _prose(line: str) -> bool:
    """Whether a line reads as running text, not as a row of figures or a signature."""
    last = _GAP.split(line)[-1]
    words = re.findall(r"[A-Za-z]{2,}", last)
    return len(words) >= 5 and sum(word[0].islower() for word in words) >= 0.5 * len(words)  # noqa: PLR2004 - as rows go


def _flat(text: str, start: int) -> tuple[str, list[int]]:
    """Return a text on one line, and where each of its characters stood; figures that a scan took for letters righted."""
    chars: list[str] = []
    places: list[int] = []
    at = 0
    for match in re.finditer(r"\s+", text):
        chars.extend(text[at : match.start()])
        places.extend(range(start + at, start + match.start()))
        space = match.group()
        apart = "\n" not in space and (len(space) >= _COLUMN or "\t" in space) and chars[-1:] not in ([":"], ["="])
        chars.append("\t" if apart else " ")
        places.append(start + match.start())
        at = match.end()
    chars.extend(text[at:])
    places.extend(range(start + at, start + len(text)))
    return digits("".join(chars).translate(_SIGNS)), places


_FIGURES: Final = re.compile(r"(?<![A-Za-z0-9])[\dOolI]{1,4}(?:[./,-][\dOolI]{1,4}){1,2}(?![A-Za-z0-9])")


def digits(flat: str) -> str:
    """Return a text whose numbers hold figures where a scan read O for 0 and l or I for 1."""

    def righted(match: re.Match[str]) -> str:
        said = match.group()
        if sum(char.isdigit() for char in said) < 2:  # noqa: PLR2004 - letters with a stop
            return said
        return said.replace("O", "0").replace("o", "0").replace("l", "1").replace("I", "1")

    return _FIGURES.sub(righted, flat) if _HEADLESS.search(flat) else flat


def _parts(flat: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a block begin and end."""
    start = 0
    end = _END_SMALL if len(_SMALL.findall(flat)) > 1 else _END
    for match in end.finditer(flat):
        said = flat[start : match.start() + 1]
        length = _LENGTH.search(said) is not None and _BEGINS.match(flat, match.end()) is not None
        if _ABBREVIATED.search(said) and match.end() < len(flat) and not length:
            continue
        yield start, match.end()
        start = match.end()
    if start < len(flat):
        yield start, len(flat)


def _folded(words: str) -> str:
    return " ".join(words.lower().split())
