"""Parts of a document that speak from another day, or by another voice: carried forward, earlier visits, addenda."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from priorauth.documents.pages import Page
from priorauth.documents.understand import days
from priorauth.documents.understand.days import Day
from priorauth.documents.understand.head import Head
from priorauth.documents.understand.sentences import Sentence

_FAX: Final = re.compile(
    r"^(?:[^\n]*\bFAX[^\n]*\bP\.? ?\d+ ?/ ?\d+[^\n]*|[^\n]*\d\d:\d\d\s*(?:FAX|PAX|EAX)[^\n]*"
    r"|(?=[^\n]*\d{1,2}:\d\d)(?=[^\n]*\d[/-]\d)[^\n]*\b(?:P|p|Page|PAGE|page)\.?:? ?\d+ ?(?:/|of|OF) ?\d+\s*)$",
    re.MULTILINE,
)
DOWNLOAD: Final = "download"
"""As the label of a sentence: it tells what a device held."""
_CARRIED: Final = re.compile(
    r"\b(?:carried forward|copied forward|copy[- ]forward|copied from|carried over|brought forward"
    r"|pulled (?:forward|in from|from)|brought in from|inserted from|pasted from|pasted in from|copy of note of|from (?:prior|previous|last) (?:note|visit)|imported from)\b",
    re.IGNORECASE,
)
_ENDED: Final = re.compile(
    r"\bend of (?:carried|copied|imported|forwarded|pulled|pasted|inserted)|\bend (?:carried|copied|pulled|pasted)|--\s*end\b|^\W*\[?end\]",
    re.IGNORECASE,
)
_FIGURE_BEFORE: Final = re.compile(r"\d[.,/:]\Z|[<>~≤≥]\Z")
_FIGURE_AFTER: Final = re.compile(r"[.,/:]\d|[%+]")
_ENCOUNTER: Final = re.compile(
    r"\s*(?:ENCOUNTER|Encounter|VISIT|Visit|Office visit|OV|PREVIOUS VISIT|Previous visit|Last note|Prior visit"
    r"|PRIOR VISIT)\b[\s:]*(?:of |on |dated )?"
)


_FAX_LINES: Final = 4
"""So many lines from the top a fax machine may have put its own on."""


def fax_line(text: str) -> str | None:
    """Return the line that a fax machine put on the text of a page; None where there is none."""
    return next((line for line in text.split("\n", _FAX_LINES)[:_FAX_LINES] if _FAX.match(line)), None)


def without_fax_line(text: str) -> str:
    """Return the text of a page without the line that a fax machine put on it, as long as before."""
    line = fax_line(text)
    return text if line is None else text.replace(line, " " * len(line), 1)


def sent(pages: Sequence[Page]) -> int | None:
    """Return the last day on which pages were sent by fax, as its machine wrote it; None where none did."""
    lines = [line for page in pages if (line := fax_line(page.text)) is not None]
    return max((day.last for line in lines for day in days.found(line, None)[:1]), default=None)


def line_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the words of the line begin and end that a stretch stands in."""
    begins = text.rfind("\n", 0, start) + 1
    ends = text.find("\n", end)
    line = text[begins : ends if ends >= 0 else len(text)]
    return begins + len(line) - len(line.lstrip()), begins + len(line.rstrip())


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a stretch begins and ends when the words and numbers at its ends are whole, a comparator with them."""
    while start and (
        (text[start].isalnum() and text[start - 1].isalnum())
        or (text[start].isdigit() and _FIGURE_BEFORE.search(text, max(0, start - 2), start))
        or (text[start] in ".,/:" and text[start - 1].isdigit() and text[start + 1 : start + 2].isdigit())
    ):
        start -= 1
    while end < len(text) and (
        (text[end - 1].isalnum() and text[end].isalnum())
        or (text[end - 1].isdigit() and _FIGURE_AFTER.match(text, end))
        or (text[end - 1] in ".,/:" and text[end].isdigit() and text[end - 2 : end - 1].isdigit())
    ):
        end += 1
    return start, end


def told(sentences: Sequence[Sentence], page: Page, about: Head) -> Iterator[Sentence]:
    """Yield sentences with the day from which they speak: that of the visit whose text they are."""
    own = about.own
    carried: int | None = None
    inside = False
    earlier: int | None = None
    loaded = window(page, own, about)
    lead: tuple[int, Day] | None = None
    for one in sentences:
        sentence = one
        if lead is not None and lead[0] == one.line:
            sentence = one._replace(lead=lead[1])
        else:
            opens = _leading(one, own, about)
            lead = None if opens is None else (one.line, opens)
        if _ENDED.search(sentence.text):
            inside, carried = False, None
            continue
        if _CARRIED.search(sentence.text):
            day = next(iter(days.found(sentence.text, own, day_first=about.day_first)), None)
            inside, carried = True, None if day is None else day.last
            continue
        opened = _ENCOUNTER.match(sentence.text)
        if opened:
            day = next(iter(days.found(sentence.text, own, day_first=about.day_first)), None)
            earlier = day.last if day is not None and day.start <= opened.end() + 1 and day.first == day.last else None
        elif not page.text[sentence.places[0] - 1 : sentence.places[0]].strip() and sentence.label and not inside:
            earlier = None
        if inside:
            yield sentence._replace(day=carried, carried=True)
        elif earlier is not None:
            yield sentence._replace(day=earlier)
        elif loaded is not None:
            yield sentence._replace(day=loaded, label=DOWNLOAD)
        else:
            yield sentence


def _leading(sentence: Sentence, own: int | None, about: Head) -> Day | None:
    """Return the day that opens a line of a log or of results, of which the rest of the line tells."""
    if not re.match(r"\W{0,4}\w{1,9}[\s/.,-]", sentence.text):
        return None
    day = next(iter(days.found(sentence.text[:40], own, day_first=about.day_first)), None)
    if day is None or day.first != day.last or re.search(r"[A-Za-z]{3}", sentence.text[: day.start]):
        return None
    return day if re.match(r"\s*(?:[:\t-]|\d\d?:\d\d|\()", sentence.text[day.end :]) else None


def window(page: Page, own: int | None, about: Head) -> int | None:
    """Return the last day of what a device held, where a page shows that: its head names a stretch of days."""
    top = "\n".join(page.text.split("\n")[:4])
    if not re.search(r"\b(?:download|report|logbook|upload|profile|summary)\b", top, re.IGNORECASE):
        return None
    if not re.search(r"\b(?:pump|meter|sensor|cgm|agp|glucose|dexcom|libre|device)\b", top, re.IGNORECASE):
        return None
    spans = [day for day in days.found(top, own, day_first=about.day_first) if day.how == "two"]
    return spans[0].last if spans else None
