"""The words of the pages: days, values, rows of evidence and statuses, as a nurse reads them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, cast

from priorauth.decide.decided import DocumentSays, Evidence, Refused, Role, Stretch
from priorauth.documents.beside import NOT_CONFIRMED
from priorauth.engines.python.finding import Status
from priorauth.language.english import bare, labels
from priorauth.values import dates
from priorauth.values.dates import ISO, spoken
from priorauth.values.printable import printable

WIDTH: Final = 110
COLUMN: Final = 14
"""How wide the labels on the left are."""

STATUS: Final[Mapping[Status, str]] = {
    "met": "shown",
    "not-met": "not shown",
    "unknown": "missing",
    "conflict": "two sides",
    "not-applicable": "does not apply",
}
EXCLUDES: Final[Mapping[Status, str]] = {
    "met": "applies",
    "not-met": "does not apply",
    "unknown": "open",
    "conflict": "two sides",
    "not-applicable": "not asked of this request",
}
"""The statuses of exclusions and hand-offs, for which to be met is to apply."""

_NEVER: Final = dates.iso(dates.LAST_DAY)
"""The last day of a period of which no end is known."""
_NAME: Final = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
_REFERENCE: Final = re.compile(
    r"(?:https?://\S*?/)?\b([A-Z][A-Za-z]+)/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]+)?"
)
_TWICE: Final = re.compile(r"\b([a-z][a-z ]+)(?:, \1\b)+")
_VERDICT: Final = re.compile(r": (met|not-met|unknown|conflict)(?= \(|$)")


def status(one: Status, role: Role | None) -> str:
    """Return a status, of an exclusion or hand-off by whether it applies."""
    return (EXCLUDES if role in ("exclusion", "hand-off") else STATUS)[one]


# ---- days


def when(date: str | None) -> str | None:
    """Return the date of a row: a day, a span, since when, until when."""
    if not date:
        return None
    known_by = date.startswith("by ")
    parts = date.removeprefix("by ").split("..")
    match parts:
        case [one]:
            said = spoken(one)
        case [first, ""]:
            said = f"{'by' if known_by else 'since'} {spoken(first)}"
        case ["", last]:
            said = f"until {spoken(last)}"
        case [first, last]:
            said = f"by {spoken(first)}, until {spoken(last)}" if known_by else _span(first, last)
        case [first, last, ""]:
            said = f"since a day from {_span(first, last)}"
        case [first, last, never] if never == _NEVER and first:
            said = f"{_span(first, last)} or longer"
        case [first, last, begun, ended]:
            said = f"since a day from {_span(first, last)}, until a day from {_span(begun, ended)}"
        case ["", first, last]:
            said = f"until a day from {_span(first, last)}"
        case _:
            said = " to ".join(spoken(part) for part in parts if part)
    return said


def _span(first: str, last: str) -> str:
    """Return a span of days; the year once where it is the same."""
    begin, end = spoken(first), spoken(last)
    same = first[:4] == last[:4] and begin.endswith(f" {first[:4]}")
    return f"{begin.removesuffix(f' {first[:4]}') if same else begin} to {end}"


def stretch(gap: Stretch) -> str:
    """Return which days are missing."""
    if gap.first and gap.last:
        return spoken(gap.first) if gap.first == gap.last else _span(gap.first, gap.last)
    if gap.first:
        return f"from {spoken(gap.first)} on"
    return f"up to {spoken(gap.last)}" if gap.last else "any day"


# ---- values and rows


def value(text: str) -> str:
    """Return a value: a name by its label, a day as a day."""
    return labels().value(text) if _SLUG.fullmatch(text) and not ISO.fullmatch(text) else spoken(text)


def says(one: Evidence | Refused, *, labelled: bool = False) -> str:
    """Return what a row says; ``labelled``: with what it is of, where the value alone would not tell."""
    if one.value in (None, "present") or one.value == one.date:
        return one.display
    if one.value == "absent":
        return f"no {bare(one.display)}"
    if one.value == "complete":
        return f"complete record of {one.display}"
    if one.value == "possible":
        return f"possible {bare(one.display)}"
    text = value(one.value or "")
    return f"{one.display} {text}" if labelled or ISO.fullmatch(one.value or "") else text


def row(one: Evidence | Refused, *, labelled: bool = False, reference: bool = False) -> str:
    """Return a row in one go: what it says, when, the kind of its source."""
    dated = when(one.date)
    if dated and one.value != one.date and ISO.fullmatch(one.value or ""):
        dated = f"stated {dated}"
    kind = f"{one.kind} ({one.reference})" if reference else one.kind
    if one.document is not None:
        kind += f", page {one.document.page}"
    said = says(one, labelled=labelled)
    return ", ".join(part for part in (said, dated, kind if kind != said else None) if part)


def refused(one: Refused, *, labelled: bool = False, reference: bool = False) -> str:
    """Return what does not count, and why not."""
    if one.ground == "the order's own words":
        return f'the order says "{one.value}" ({when(one.date)})' if one.date else f'the order says "{one.value}"'
    if one.document is not None and one.document.word != "confirmed":
        said = document(one.document)
        ground = "" if one.ground == NOT_CONFIRMED else f": {one.ground}"
        return f"{one.display}: {said}{ground}" if labelled else f"{said}{ground}"
    ground = plain(one.ground, {})
    if one.bound and one.ground == "too old":
        ground += f" (counts from {spoken(dates.iso(dates.day(one.bound) + 1))})"
    elif one.bound and one.ground == "too new":
        ground += f" (counts up to {spoken(one.bound)})"
    if one.count > 1:
        return f"{one.count} times {one.display}{f', {when(one.date)}' if one.date else ''}: {ground}"
    return f"{row(one, labelled=labelled, reference=reference)}: {ground}"


def document(one: DocumentSays) -> str:
    """Return what a document says in its own words."""
    quote = " ".join(one.quote.split())
    said = f'a document says: "{quote}" (page {one.page})'
    if one.by is None:
        return f"{said}, not confirmed"
    return f"{said}, {'seen' if one.role == 'nurse' else 'confirmed'} by {one.by}"


def plain(text: str, kinds: Mapping[str, str]) -> str:
    """Put a text of the engine into the words of pages: no bare ids, no names of facts, days as days.

    ``kinds`` says what kind of source a reference is.
    """
    table = labels()
    for reference in sorted((one for one in kinds if one in text), key=len, reverse=True):
        text = text.replace(reference, kinds[reference])
    text = _REFERENCE.sub(lambda found: table.kinds.get(found[1], found[0]), text)
    text = _VERDICT.sub(lambda found: f": {STATUS[cast('Status', found[1])]}", text)
    text = _NAME.sub(lambda found: table.one(found[0]), text)
    text = re.sub(r"\b[a-z0-9]+(?:-[a-z0-9]+)+\b", lambda found: table.values.get(found[0], found[0]), text)
    text = re.sub(r"(\d{4}-\d{2}-\d{2})\.\.(?!\d)", r"since \1", text)
    text = re.sub(r"(?<!\d)\.\.(\d{4}-\d{2}-\d{2})", r"until \1", text)
    return spoken(_TWICE.sub(r"\1", text))


# ---- lines


def block(text: str, first: str = "", rest: str | None = None, width: int = WIDTH) -> Iterator[str]:
    """Break a text into lines; ``first`` stands before the first line, ``rest`` before the others."""
    below = " " * len(first) if rest is None else rest
    yield from textwrap.wrap(
        printable(text), width, initial_indent=first, subsequent_indent=below, break_on_hyphens=False
    )


def labelled(label: str, text: str) -> Iterator[str]:
    """Write a text beside its label."""
    yield from block(text, label.ljust(COLUMN))


def counted(number: int, one: str, many: str) -> str:
    """Write a number with what it counts: ``1 thing is missing``."""
    return f"{number} {one if number == 1 else many}"


def few(texts: Iterable[str], most: int) -> Iterator[str]:
    """Yield at most so many texts, each once, then how many more there are."""
    listed = list(dict.fromkeys(texts))
    yield from listed[:most]
    if len(listed) > most:
        yield f"and {len(listed) - most} more"
