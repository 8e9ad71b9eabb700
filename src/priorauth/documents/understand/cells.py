"""The cells of a row: where they stand, which days or goals head their columns, which day belongs to a value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from priorauth.documents.pages import Page
from priorauth.documents.understand import days
from priorauth.documents.understand.days import Day

_CELL: Final = re.compile(r"\S+(?: \S+)*")
_HEADS: Final = re.compile(
    r"\b(?:test|analyte|component|result|results|value|flag|units?|reference|ref(?:erence)? (?:range|interval)"
    r"|prior|previous|range|normal|normals|limits)\b",
    re.IGNORECASE,
)
_COLLECTED: Final = re.compile(
    r"\b(?:collected|collection(?: date)?|drawn|specimen (?:date|collected)|date collected|sample(?: (?:date"
    r"|taken|collected))?|date of collection|taken|coll\.?)\b\s*(?:on)?\s*[:.]?\s*",
    re.IGNORECASE,
)
AIM: Final = re.compile(r"(?:a1c |your |her |his )?(?:goals?|targets?|desired|aim)", re.IGNORECASE)
_THEN: Final = re.compile(r"\b(?:baseline|before|pre|prior|previous|start of|at start|old)\b", re.IGNORECASE)
_NOW: Final = re.compile(
    r"\b(?:end of|end|current|now|today|this (?:period|visit|report)|last \d+ ?d(?:ays)?|month \d|final|post|after|latest|on pump)\b",
    re.IGNORECASE,
)
_HEADED: Final = 40


class Cell(NamedTuple):
    """A cell of a row: its text and where it begins and ends in the page."""

    text: str
    start: int
    end: int


def of_line(line: str, start: int) -> list[Cell]:
    """Return the cells of a line that begins at ``start`` of its page."""
    return [Cell(hit.group(), start + hit.start(), start + hit.end()) for hit in _CELL.finditer(line)]


def aims(page: Page, cells: Sequence[Cell]) -> list[int] | None:
    """Return in which columns goals and references stand, where a row of words heads them; None where it heads nothing."""
    if len(cells) < 3 or any(re.search(r"\d", cell.text) for cell in cells):  # noqa: PLR2004 - a label, a value, a goal
        return None
    return [column(page, cell.start) for cell in cells if AIM.fullmatch(cell.text)]


def aimed(page: Page, cell: Cell, aims: Sequence[int]) -> bool:
    """Whether a cell stands under the head of goals."""
    return any(abs(column(page, cell.start) - at) <= 2 for at in aims)  # noqa: PLR2004 - as columns are set


def after(page: Page, cells: Sequence[Cell], before: int | None) -> int | None:
    """Return in which column what holds now stands, where a row heads one of before and one of now."""
    then = [cell for cell in cells if _THEN.search(cell.text) and len(cell.text) < _HEADED]
    now = [
        cell for cell in cells if _NOW.search(cell.text) and not _THEN.search(cell.text) and len(cell.text) < _HEADED
    ]
    if len(then) == 1 and len(now) == 1 and not any(re.fullmatch(r"[\d.]+", cell.text) for cell in cells):
        return column(page, now[0].start + len(now[0].text) // 2)
    return before


def collected(text: str, own: int | None, first: bool) -> Day | None:
    """Return the day of the sample, as the head of a report has it."""
    for hit in _COLLECTED.finditer(text):
        if text[max(0, hit.start() - 7) : hit.start()].lower().endswith("urine "):
            continue
        rest = text[hit.end() : hit.end() + 24].split("\n", maxsplit=1)[0]
        day = next(iter(days.found(rest, own, day_first=first)), None)
        if day is not None and day.start <= 1 and day.first == day.last:
            return day
    return None


def columns(cells: Sequence[Cell], own: int | None, first: bool) -> list[tuple[int, Day]]:
    """Return the days that head columns, with the middle of each; empty where a row heads none."""
    found: list[tuple[int, Day]] = []
    for cell in cells:
        day = next(iter(days.found(cell.text, own, day_first=first)), None)
        if day is None or day.now:
            continue
        rest = cell.text[: day.start] + cell.text[day.end :]
        if re.fullmatch(r"[\s(),:\d]*(?:(?:prior|previous|result|collected)[\s():,]*)?[\s():\d]*", rest, re.IGNORECASE):
            found.append(((cell.start + cell.end) // 2, day))
    headed = sum(bool(_HEADS.search(cell.text)) for cell in cells)
    named = sum(_HEADS.search(cell.text) is not None and not re.search(r"\d", cell.text) for cell in cells[1:])
    if len(found) >= 2 and len(found) + named >= len(cells) - 1:  # noqa: PLR2004 - a row of days
        return found
    return found if found and headed >= 2 else []  # noqa: PLR2004 - heads of columns


def taken(cells: Sequence[Cell], value: Cell, own: int | None, *, day_first: bool) -> str | None:
    """Return the day that stands in a cell of its own behind a value: ``7.2 %   collected   12/07/2026``."""
    for cell in cells:
        if cell.start <= value.start:
            continue
        rest = _COLLECTED.sub("", cell.text.strip("() "), count=1).removeprefix("on ")
        day = next(iter(days.found(rest, own, day_first=day_first)), None)
        if day is not None and day.first == day.last and not (rest[: day.start] + rest[day.end :]).strip(" :,"):
            return day.said
    return None


def column(page: Page, at: int) -> int:
    """Return in which column of its line a place stands."""
    return at - page.text.rfind("\n", 0, at) - 1
