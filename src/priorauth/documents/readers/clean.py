"""A picture of a page as it can be recognised: dark letters on white, without the dirt of a fax or uneven light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Points = NDArray[np.bool_]

FAINT: Final = 160
"""What is darker than this on a page that was cleaned counts as printed."""
_DARK: Final = 128
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
_NIGHT: Final = 100
"""Below this half of the points of a picture are dark: light letters on a dark ground."""
_LONG: Final = 100


def clean(grey: Image) -> tuple[Image, Image]:
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


def lean(grey: Image) -> float:
    """Return by how many degrees a page is turned so that its lines lie level: where lines and gaps differ most."""
    import numpy as np
    from PIL import Image

    small = grey.resize((max(grey.width // 4, 1), max(grey.height // 4, 1)))
    marks = Image.fromarray(np.where(np.asarray(small) < FAINT, 255, 0).astype(np.uint8))

    def told(degrees: float) -> float:
        rows = (np.asarray(marks.rotate(degrees)) > 0).sum(1).astype(float)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    return max(_STEPS, key=lambda degrees: (told(degrees), -abs(degrees)))
