"""How well and how fast pages are read: words, boxes, and what is understood of them, by how worn the fax is.

Seconds a page are of processor time, the process apart and tesseract in it; ten pages of text are timed by the clock.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import faxes
from reportlab.lib.pagesizes import letter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from priorauth.documents import read
from priorauth.documents.pages import Reading
from priorauth.documents.understand import rules
from priorauth.documents.understood import understood
from tests.documents import scoring

_BOX: Final = re.compile(r"\[[ x]\]")
TEN: Final = 10


def shown(only: Iterable[str] = ("",), levels: Iterable[str] = ("text", *faxes.LEVELS)) -> int:
    """Print a line a level; return how many proposals there are that must never be."""
    rules.load()
    text = "\f".join([scoring.text("001-epic-progress-t1dm").split("\f")[0]] * TEN)
    begun = time.perf_counter()
    held = read.read(faxes.pdf(text), "ten pages")
    print(f"{len(held.pages)} pages of text as a PDF of {letter[0]:.0f} by {letter[1]:.0f} points: ", end="")
    print(f"{time.perf_counter() - begun:.2f} s")
    names = [name for name in scoring.names() if name.startswith(tuple(only))]
    print("level   pages  words right  boxes right  s a page  precision  recall  must never be")
    return sum(_level(level, names) for level in levels)


def _level(level: str, names: Iterable[str]) -> int:
    pages, spent, right, words, boxes, same = 0, 0.0, 0, 0, 0, 0
    counts, never = [0, 0, 0], 0
    for name in names:
        text = scoring.text(name)
        content = faxes.pdf(text, faxes.face_of(name))
        if level != "text":
            content = faxes.tiff(faxes.sent(content, name, level))
        begun = _spent()
        reading = read.read(content, name)
        spent += _spent() - begun
        for said, page in zip(text.split("\f"), reading.pages, strict=True):
            wanted = set(said.split())
            pages, words, right = pages + 1, words + len(wanted), right + len(wanted & set(page.text.split()))
            of_text, of_page = _BOX.findall(said), _BOX.findall(page.text)
            boxes += len(of_text)
            same += sum(min(of_text.count(one), of_page.count(one)) for one in ("[ ]", "[x]"))
        found = _scored(name, text, reading)
        never += len(found.never)
        counts = [counts[0] + len(found.right), counts[1] + len(found.wrong), counts[2] + len(found.missed)]
        for trap in found.never:
            print(
                f"NEVER {level} {name}: {trap['why']}: {trap['fact']} {trap['value']} {trap['quote']!r}",
                file=sys.stderr,
            )
    good, bad, missed = counts
    print(
        f"{level:7} {pages:5} {right / max(words, 1):12.3f} {f'{same} of {boxes}':>12} {spent / max(pages, 1):9.2f}"
        f" {good / max(good + bad, 1):10.3f} {good / max(good + missed, 1):7.3f} {never:14}"
    )
    return never


def _spent() -> float:
    """Return how many seconds processors were at work for this program and for all that it started and that ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _scored(name: str, text: str, reading: Reading) -> scoring.Scored:
    """Return what of the proposals for a reading is right; a quote counts as one of the text where its words are."""
    return scoring.score(name, scoring.gold(name), text, scoring.rows(understood(reading).facts))


if __name__ == "__main__":
    sys.exit(shown(sys.argv[1:] or [""]) > 0)
