"""Pictures of pages: TIFF with as many pages as it has, PNG, JPEG, GIF."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Final

from priorauth.documents.pages import Page, unread
from priorauth.documents.readers import recognise

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

SHOWN_HIGH: Final = 2400
"""How many points high a page that is shown is at most."""
MOST_PIXELS: Final = 80_000_000
"""How many points a picture may have before it is looked at."""
_MOST_FRAMES: Final = 5_000
_COARSEST, _FINEST = 60, 1200
"""What a picture may say of how many points it has an inch."""
_UNEQUAL: Final = 1.3
_NARROW, _WIDE = 4.0, 18.0
"""How many inches wide a page is."""


class PictureFault(Exception):
    """A picture cannot be read; the text says why."""


def count(content: bytes) -> int:
    """Return how many pages a picture has; raises PictureFault."""
    with _opened(content) as (_, frames):
        return frames


def pages(content: bytes, wanted: range) -> Iterator[Page | str]:
    """Yield pages of a picture, and what is to be said of it; raises PictureFault where it has none that is whole."""
    with _opened(content) as (held, frames):
        yield from unread(frames, wanted)
        for number in range(wanted.start, min(wanted.stop, frames + 1)):
            try:
                yield _page(held, number)
            except (PictureFault, recognise.Unreadable) as fault:
                if frames == 1 and isinstance(fault, PictureFault):
                    raise
                yield f"page {number}: {fault}"
                yield Page(number=number, text="")


def drawing(content: bytes, number: int, wide: int) -> bytes | None:
    """Return a page as PNG, made anew; None where there is none. Raises PictureFault."""
    with _opened(content) as (held, frames):
        if not 0 < number <= frames:
            return None
        one = _frame(held, number, "RGB")
        one.thumbnail((wide, SHOWN_HIGH))
        return png(one)


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[ImageFile, int]]:
    """Open a picture, and count its pages; raises PictureFault."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # said below, before anything is unpacked
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library thinks of a tag is no reading
        try:
            with Image.open(BytesIO(content)) as held:
                yield held, min(int(getattr(held, "n_frames", 1)), _MOST_FRAMES)
        except (UnidentifiedImageError, *_DAMAGED):
            raise PictureFault("the picture is damaged: it cannot be opened") from None


_DAMAGED: Final = (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, OverflowError)
"""What a damaged picture makes of the library."""


def _frame(held: ImageFile, number: int, mode: str) -> Image:
    """Return a page in greys or colours, upright, its points as wide as high; raises PictureFault."""
    from struct import error

    from PIL import Image, ImageOps

    try:
        held.seek(number - 1)
        if held.width * held.height > MOST_PIXELS:
            raise PictureFault(f"it has more than {MOST_PIXELS:,} points")
        across, down = _resolution(held.info.get("dpi"))
        made = _on_white(held).convert(mode)
        if across > _UNEQUAL * down > 0:  # a fax in its coarse mode: half as many lines
            made = made.resize((made.width, round(made.height * across / down)))
        ImageOps.exif_transpose(made, in_place=True)
    except (*_DAMAGED, error, Image.DecompressionBombError):
        raise PictureFault("the picture is damaged") from None
    return made


def _on_white(held: Image) -> Image:
    """Return a picture on white paper where it is seen through."""
    from PIL import Image

    if not (held.mode in ("RGBA", "LA", "PA") or "transparency" in held.info):
        return held
    over = held.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)


def _page(held: ImageFile, number: int) -> Page:
    recognise.ready()
    made = _frame(held, number, "L")
    return recognise.recognised(made, number, _fineness(held.info.get("dpi"), made.width))


def png(made: Image) -> bytes:
    """Return a picture as PNG."""
    out = BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def _fineness(said: object, width: int) -> float:
    """Return how many points an inch has: as the picture says, where that makes it a page, else as of a letter page."""
    found, _ = _resolution(said)
    if _NARROW * found <= width <= _WIDE * found:
        return found
    return max(width / 8.5, 1.0)


def _resolution(said: object) -> tuple[float, float]:
    """Return how many points an inch has, across and down, as a picture says; 0 where it says nothing likely."""
    try:
        across, down = (float(str(one)) for one in said) if isinstance(said, tuple) else (0.0, 0.0)
    except ValueError:
        return 0.0, 0.0
    return (across, down) if _COARSEST <= min(across, down) <= max(across, down) <= _FINEST else (0.0, 0.0)
