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

from priorauth.documents.pages import Box, Page, Word
from priorauth.documents.readers.layout import Placed, Sheet, page_of

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

MISSING: Final = "scans are read with tesseract: apt install tesseract-ocr"
POINTS: Final = 72
SECONDS: Final = 12.0
"""How long one look at a page may take."""
MOST_PIXELS: Final = 10_000_000
"""As many points as a page is looked at with."""
_DPI: Final = 200
"""What a picture that does not say it is taken to have, where its size makes that a page."""
_DARK: Final = 128
_FAINT: Final = 160
_BLACK: Final = 24
_WHITE: Final = 231
_GREYS: Final = 0.02
"""A picture of which more points are neither black nor white was not sent by fax."""
_NEIGHBOURS: Final = 4
"""A dark point with no more dark points than these in the five by five around it, itself among them, is dirt."""
_BLUR: Final = 1.1
_STEPS: Final = tuple(step * 0.2 for step in range(-15, 16))
"""By how many degrees a page may be turned, at most three."""
_UNSURE: Final = 0.55
"""Below so sure a page, on average, may stand on its head or lie on its side."""
_GUESSED: Final = 0.6
"""Below this a word without a letter or digit is dirt."""
_ENGLISH: Final = "eng"
_WORD_LEVEL: Final = "5"


class Unreadable(Exception):
    """A picture cannot be recognised; the text says why."""


class Found(NamedTuple):
    """What was recognised: the words, and how sure they are on average."""

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
    """Return the page of a picture; one on which nothing is found has no text."""
    grey, leaned = _straight(_clean(picture))
    best, turned = _words(grey), 0
    if best.sure < _UNSURE:
        for degrees in _others(grey):
            found = _words(grey.rotate(degrees, expand=True, fillcolor=255))
            if found.sure > best.sure + 0.05 and len(found.words) >= len(best.words) / 2:
                best, turned = found, degrees
    width, height = grey.size if turned % 180 == 0 else grey.size[::-1]
    at = dpi or _DPI
    points = (width * POINTS / at, height * POINTS / at)
    made = page_of(number, best.words, Sheet(width, height, points), how="ocr", turned=turned % 360)
    return made if not leaned else structs.replace(made, words=tuple(_as_sent(made.words, width, height, leaned)))


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
        parts = (box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)
        yield structs.replace(word, box=Box(*(round(min(max(one, 0.0), 1.0), 4) for one in parts)))


def _others(grey: Image) -> tuple[int, ...]:
    """Return by how many degrees a page that could not be read may be turned: as tesseract guesses, else each."""
    said = _run(grey, "--psm", "0", language="osd")
    guess = re.search(r"Rotate: (\d+)", said)
    turn = -int(guess[1]) % 360 if guess else 0
    return tuple(dict.fromkeys([*([turn] if turn else []), 180, 90, 270]))


def _clean(picture: Image) -> Image:
    """Return a picture in greys, its dirt taken away where it is of two colours only."""
    import numpy as np
    from PIL import Image, ImageFilter

    grey = picture.convert("L")
    if grey.width * grey.height > MOST_PIXELS:
        part = (MOST_PIXELS / (grey.width * grey.height)) ** 0.5
        grey = grey.resize((int(grey.width * part), int(grey.height * part)))
    held = np.asarray(grey)
    between = np.count_nonzero((held > _BLACK) & (held < _WHITE)) / max(held.size, 1)
    if between > _GREYS:
        return grey
    dark = held < _DARK
    kept = Image.fromarray(np.where(dark & (_around(dark) > _NEIGHBOURS), 0, 255).astype(np.uint8))
    return kept.filter(ImageFilter.GaussianBlur(_BLUR))


def _around(dark: np.ndarray) -> np.ndarray:
    """Return for each point how many dark points are in the five by five around it."""
    import numpy as np

    sums = np.pad(dark, 2).astype(np.int32).cumsum(0).cumsum(1)
    sums = np.pad(sums, ((1, 0), (1, 0)))
    high, wide = dark.shape
    found: np.ndarray = sums[5 : 5 + high, 5 : 5 + wide] - sums[:high, 5 : 5 + wide]
    found += sums[:high, :wide] - sums[5 : 5 + high, :wide]
    return found


def _straight(grey: Image) -> tuple[Image, float]:
    """Return a page turned so that its lines lie level, and by how much: where lines and gaps differ most."""
    import numpy as np
    from PIL import Image

    small = grey.resize((max(grey.width // 4, 1), max(grey.height // 4, 1)))
    marks = Image.fromarray(np.where(np.asarray(small) < _FAINT, 255, 0).astype(np.uint8))

    def told(degrees: float) -> float:
        rows = (np.asarray(marks.rotate(degrees)) > 0).sum(1).astype(float)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = max(_STEPS, key=lambda degrees: (told(degrees), -abs(degrees)))
    if not best:
        return grey, 0.0
    return grey.rotate(best, resample=Image.Resampling.BICUBIC, fillcolor=255), best


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
    command = [named, "stdin", "stdout", "--oem", "1", "-l", language, *options]
    if language == "osd":
        command.remove("--oem")
        command.remove("1")
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
    return done.stdout.decode("utf-8", "replace")
