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
from priorauth.documents.readers import brackets
from priorauth.documents.readers.layout import Placed, Sheet, page_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from priorauth.documents.readers.ticks import Tick

    Points = NDArray[np.bool_]

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
_ALONE, _SPECK = 11, 12
"""No more dark points than these in so many points on each side are a speck: a full stop has a letter beside it."""
_LED: Final = 40
"""Dots that lead stand in a row, several in so many points on each side."""
_BLUR: Final = 1.1
_STEPS: Final = tuple(step * 0.2 for step in range(-15, 16))
"""By how many degrees a page may be turned, at most three."""
_UNSURE: Final = 0.55
"""Below so sure a page, on average, may stand on its head or lie on its side."""
_GUESSED: Final = 0.6
"""Below this a word without a letter or digit is dirt."""
_BLANK: Final = 40
"""A page with fewer dark points is empty."""
_READ: Final = 0.8
"""A page that is so sure stands upright."""
_SQUARE: Final = 0.9
_FINE: Final = 300
"""A picture is looked at with so many points an inch at most."""
_COARSE, _LARGER = 150, 2.0
"""One with fewer points than these is made larger, so many times at most."""
_NIGHT: Final = 100
"""Below this half of the points of a picture are dark: light letters on a dark ground."""
_LONG: Final = 100
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
    count: int


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

    sharp, grey = _clean(small)
    leaned = _lean(grey)
    if leaned:
        grey = grey.rotate(leaned, resample=Image.Resampling.BICUBIC, fillcolor=255)
        sharp = sharp.rotate(leaned, fillcolor=255)
    upright = np.asarray(grey)
    if np.count_nonzero(upright < _FAINT) < _BLANK:
        return Look(grey, leaned, [], 1.0, 0)
    squares = ticks.ticks(upright < _FAINT, fine)
    pairs = ticks.pairs(np.asarray(sharp) < _FAINT, fine)
    bare = Image.fromarray(ticks.without(upright, squares)) if squares else grey
    found = _words(bare)
    words = brackets.found(brackets.boxed(found.words, upright < _FAINT), [_box(one) for one in (*squares, *pairs)])
    return Look(bare, leaned, words, found.sure, len(found.words))


def _turned(look: Look) -> int:
    """Return by how many degrees a page that could not be read is to be turned."""
    best, turned = look.sure, 0
    if best >= _UNSURE:
        return 0
    for degrees in _others(look.grey):
        found = _words(look.grey.rotate(degrees, expand=True, fillcolor=255))
        if found.sure > best + 0.05 and len(found.words) >= look.count / 2:
            best, turned = found.sure, degrees
        if best > _READ:
            break
    return turned


def _box(one: Tick) -> Placed:
    text = brackets.TICKED if one.ticked else brackets.EMPTY
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
        parts = (box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)
        yield structs.replace(word, box=Box(*(round(min(max(one, 0.0), 1.0), 4) for one in parts)))


def _others(grey: Image) -> tuple[int, ...]:
    """Return by how many degrees a page that could not be read may be turned: as tesseract guesses, else each."""
    said = _run(grey, "--psm", "0", language="osd")
    guess = re.search(r"Rotate: (\d+)", said)
    turn = -int(guess[1]) % 360 if guess else 0
    return tuple(dict.fromkeys([*([turn] if turn else []), 180, 90, 270]))


def _clean(grey: Image) -> tuple[Image, Image]:
    """Return a picture with dark letters on white, sharp, and as it is recognised best: soft.

    One of two colours is without its dirt, another evenly lit.
    """
    import numpy as np
    from PIL import Image, ImageFilter

    held = np.asarray(grey)
    between = np.count_nonzero((held > _BLACK) & (held < _WHITE)) / max(held.size, 1)
    if between > _GREYS:
        even = _even(grey)
        return even, even
    dark = held < _DARK
    if dark.mean() > 0.5:  # noqa: PLR2004 - half of it: white letters on black
        dark = ~dark
    dark = _unspecked(_mended(_unstreaked(dark)))
    sharp = Image.fromarray(np.where(dark, 0, 255).astype(np.uint8))
    return sharp, sharp.filter(ImageFilter.GaussianBlur(_BLUR))


def _even(grey: Image) -> Image:
    """Return a photograph as if it were lit evenly, its paper white."""
    import numpy as np
    from PIL import Image, ImageFilter, ImageOps

    if np.median(np.asarray(grey)) < _NIGHT:
        grey = ImageOps.invert(grey)
    small = grey.resize((max(grey.width // 16, 1), max(grey.height // 16, 1)), Image.Resampling.BOX)
    paper = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(3)).resize(grey.size)
    lit = np.asarray(grey, dtype=np.float32) / np.maximum(np.asarray(paper, dtype=np.float32), 1)
    return Image.fromarray((np.clip(lit, 0, 1) * 255).astype(np.uint8))


def _unstreaked(dark: Points) -> Points:
    """Return a page without upright streaks of one or two points, which dirt on the glass makes."""
    import numpy as np

    high, wide = dark.shape
    if high < _LONG or wide < _LONG:
        return dark
    parts = dark[: high // _LONG * _LONG].reshape(high // _LONG, _LONG, wide).mean(1)
    beside = np.pad(parts, ((0, 0), (3, 3)))
    around = np.minimum(beside[:, :wide], beside[:, 6:])
    streaked = (parts > 0.35) & (around < 0.5 * parts)  # noqa: PLR2004 - of its height
    columns = np.flatnonzero(streaked.sum(0) >= 4)  # noqa: PLR2004 - parts of a page: longer than what letters make
    made = dark.copy()
    for x in columns.tolist():
        before, after = dark[:, max(x - 2, 0)], dark[:, min(x + 2, wide - 1)]
        made[:, x] &= before & after
    return made


def _mended(dark: Points) -> Points:
    """Return a page with rows that never arrived, one or two at a time, as those above and below them are."""
    import numpy as np

    made = dark.copy()
    for row in np.flatnonzero(~dark[2:-2].any(1)).tolist():
        made[row + 2] = (dark[row + 1] | dark[row]) & (dark[row + 3] | dark[row + 4])
    return made


def _unspecked(dark: Points) -> Points:
    """Return a page without specks; dots that lead from one column to the next stay."""
    dark = dark & (_around(dark, 2, 2) > _NEIGHBOURS)
    alone = dark & (_around(dark, _ALONE, _ALONE) <= _SPECK)
    led = _around(alone, 2, _LED) > _SPECK
    return dark & (~alone | led)


def _around(dark: Points, down: int, across: int) -> NDArray[np.int32]:
    """Return for each point how many dark points are around it, itself among them, so far on each side."""
    import numpy as np

    sums = np.pad(dark, ((down, down), (across, across))).cumsum(0, dtype=np.int32).cumsum(1, dtype=np.int32)
    sums = np.pad(sums, ((1, 0), (1, 0)))
    high, wide = dark.shape
    lower, right = 2 * down + 1, 2 * across + 1
    found: NDArray[np.int32] = sums[lower : lower + high, right : right + wide] - sums[:high, right : right + wide]
    found += sums[:high, :wide] - sums[lower : lower + high, :wide]
    return found


def _lean(grey: Image) -> float:
    """Return by how many degrees a page is turned so that its lines lie level: where lines and gaps differ most."""
    import numpy as np
    from PIL import Image

    small = grey.resize((max(grey.width // 4, 1), max(grey.height // 4, 1)))
    marks = Image.fromarray(np.where(np.asarray(small) < _FAINT, 255, 0).astype(np.uint8))

    def told(degrees: float) -> float:
        rows = (np.asarray(marks.rotate(degrees)) > 0).sum(1).astype(float)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    return max(_STEPS, key=lambda degrees: (told(degrees), -abs(degrees)))


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
