"""The text of a picture of a page: set upright and straight, freed of specks, recognised by tesseract.

Tesseract is a program of its own (Debian: tesseract-ocr), found on PATH. It gets the picture by its standard input and
gives a line a word, with the word's place and how sure it is.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from io import BytesIO
from math import cos, radians, sin
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import structs

from priorauth.documents.pages import Page, Word, cut
from priorauth.documents.readers import brackets
from priorauth.documents.readers.clean import FAINT, clean, lean
from priorauth.documents.readers.layout import Placed, Sheet, page_of
from priorauth.documents.readers.squares import EMPTY, TICKED

if TYPE_CHECKING:
    from PIL.Image import Image

    from priorauth.documents.readers.ticks import Tick

MISSING: Final = "scans are read with tesseract: apt install tesseract-ocr"
POINTS: Final = 72
SECONDS: Final = 12.0
"""How long one look at a page may take."""
MOST_PIXELS: Final = 10_000_000
"""As many points as a page is looked at with."""
_DPI: Final = 200
"""What a picture that does not say it is taken to have, where its size makes that a page."""
_UNSURE: Final = 0.55
"""Below so sure a page, on average, may stand on its head or lie on its side."""
_GUESSED: Final = 0.6
"""Below this a word without a letter or digit is dirt."""
_PART, _FEW = 650, 3
_BLANK: Final = 40
"""A page with fewer dark points is empty."""
_READ: Final = 0.8
"""A page that is so sure stands upright."""
_SQUARE: Final = 0.9
_FINE: Final = 300
"""A picture is looked at with so many points an inch at most."""
_COARSE, _LARGER = 150, 2.0
"""One with fewer points than these is made larger, so many times at most."""
_ENGLISH: Final = "eng"
_WORD_LEVEL: Final = "5"


class Unreadable(Exception):
    """A picture cannot be recognised; the text says why."""


class Found(NamedTuple):
    """What was recognised: the words, and how sure they are on average."""

    words: list[Placed]
    sure: float


class Look(NamedTuple):
    """A page as it was looked at: straight, by how much it was turned for that, and what was recognised on it."""

    grey: Image
    leaned: float
    words: list[Placed]
    sure: float


def program() -> str | None:
    """Return where tesseract is; None where it is not installed."""
    return shutil.which("tesseract")


def ready() -> None:
    """Raise Unreadable where nothing can be recognised here."""
    if program() is None:
        raise Unreadable(MISSING)


def recognised(picture: Image, number: int, dpi: float | None = None) -> Page:
    """Return the page of a picture; one on which nothing is found has no text. Raises Unreadable."""
    small, fine = _sized(picture.convert("L"), dpi or _DPI)
    look = _look(small, fine)
    turned = _turned(look)
    if turned:
        look = _look(small.rotate(turned, expand=True, fillcolor=255), fine)
    width, height = look.grey.size
    points = (width * POINTS / fine, height * POINTS / fine)
    made = page_of(number, look.words, Sheet(width, height, points), how="ocr", turned=turned)
    if not look.leaned:
        return made
    return structs.replace(made, words=tuple(_as_sent(made.words, width, height, look.leaned)))


def _look(small: Image, fine: float) -> Look:
    """Recognise a page as it lies, set straight: its boxes by their sides, then its words."""
    import numpy as np
    from PIL import Image

    from priorauth.documents.readers import ticks

    sharp, grey = clean(small)
    leaned = lean(grey)
    if leaned:
        grey = grey.rotate(leaned, resample=Image.Resampling.BICUBIC, fillcolor=255)
        sharp = sharp.rotate(leaned, fillcolor=255)
    upright = np.asarray(grey)
    dark = upright < FAINT
    if np.count_nonzero(dark) < _BLANK:
        return Look(grey, leaned, [], 1.0)
    squares = ticks.ticks(dark, fine)
    pairs = ticks.pairs(np.asarray(sharp) < FAINT, fine)
    bare = Image.fromarray(ticks.without(upright, squares)) if squares else grey
    found = _words(bare)
    words = brackets.found(brackets.boxed(found.words, dark), [_box(one) for one in (*squares, *pairs)])
    return Look(bare, leaned, words, found.sure)


def _turned(look: Look) -> int:
    """Return by how many degrees a page that could not be read is to be turned: a part of it is tried each way."""
    best, turned = look.sure, 0
    if best >= _UNSURE:
        return 0
    part = _middle(look.grey)
    for degrees in _others(part):
        found = _words(part.rotate(degrees, expand=True, fillcolor=255))
        if found.sure > best + 0.05 and len(found.words) >= _FEW:
            best, turned = found.sure, degrees
        if best > _READ:
            break
    return turned


def _middle(grey: Image) -> Image:
    """Return the middle of what is printed on a page, no larger than is needed to see which way it lies."""
    import numpy as np

    dark = np.asarray(grey) < FAINT
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    y, x = int(np.median(rows)), int(np.median(columns))
    return grey.crop((max(x - _PART, 0), max(y - _PART, 0), min(x + _PART, grey.width), min(y + _PART, grey.height)))


def _box(one: Tick) -> Placed:
    text = TICKED if one.ticked else EMPTY
    return Placed(text, one.left, one.top, one.right, one.bottom, _SQUARE)


def _sized(grey: Image, dpi: float) -> tuple[Image, float]:
    """Return a picture as fine as it is looked at, and how many points an inch has then."""
    part = min((MOST_PIXELS / max(grey.width * grey.height, 1)) ** 0.5, _FINE / dpi, _LARGER)
    if dpi >= _COARSE:
        part = min(part, 1.0)
    if abs(part - 1) < 0.02:  # noqa: PLR2004 - no difference to the eye
        return grey, dpi
    return grey.resize((max(round(grey.width * part), 1), max(round(grey.height * part), 1))), dpi * part


def _as_sent(words: Iterable[Word], width: float, height: float, leaned: float) -> Iterator[Word]:
    """Yield words with their places on the page as it was sent, before it was set straight."""
    angle = -radians(leaned)
    across, down = cos(angle), sin(angle)
    for word in words:
        if (box := word.box) is None:
            yield word
            continue
        x, y = ((box.left + box.right) / 2 - 0.5) * width, ((box.top + box.bottom) / 2 - 0.5) * height
        dx, dy = (across * x + down * y - x) / width, (across * y - down * x - y) / height
        yield structs.replace(word, box=cut(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy))


def _others(grey: Image) -> tuple[int, ...]:
    """Return by how many degrees a page that could not be read may be turned: as tesseract guesses, else each."""
    said = _run(grey, "--psm", "0", language="osd")
    guess = re.search(r"Rotate: (\d+)", said)
    turn = -int(guess[1]) % 360 if guess else 0
    return tuple(dict.fromkeys([*([turn] if turn else []), 180, 90, 270]))


def _words(grey: Image) -> Found:
    words: list[Placed] = []
    for line in _run(grey, "--psm", "6", "tsv", language=_ENGLISH).splitlines()[1:]:
        parts = line.split("\t")
        if len(parts) == 12 and parts[0] == _WORD_LEVEL and parts[11].strip():  # noqa: PLR2004 - tesseract's columns
            left, top, width, height = (float(one) for one in parts[6:10])
            sure = max(float(parts[10]), 0.0) / 100
            if sure < _GUESSED and not any(sign.isalnum() for sign in parts[11]):
                continue
            words.append(Placed(parts[11].strip(), left, top, left + width, top + height, sure))
    letters = sum(len(word.text) for word in words)
    return Found(words, sum(word.sure * len(word.text) for word in words) / letters if letters else 0.0)


def _run(grey: Image, *options: str, language: str) -> str:
    """Run tesseract over a picture; what it cannot read is empty."""
    sent = BytesIO()
    grey.save(sent, "PNG", compress_level=1)
    named = program()
    if named is None:
        raise Unreadable(MISSING)
    kept = {name: os.environ[name] for name in ("PATH", "TESSDATA_PREFIX", "HOME") if name in os.environ}
    engine = () if language == "osd" else ("--oem", "1")
    command = [named, "stdin", "stdout", *engine, "-l", language, *options]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, the program was found on PATH
            command,
            input=sent.getvalue(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env={**kept, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("it takes too long to be recognised") from None
    if done.returncode and language == _ENGLISH:
        lacking = b"language" in done.stderr
        raise Unreadable(
            "tesseract lacks its English: apt install tesseract-ocr-eng" if lacking else "tesseract gave up on it"
        )
    return done.stdout.decode("utf-8", "replace")
