"""Pictures of pages: TIFF with as many pages as it has, PNG, JPEG."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final

from priorauth.documents.pages import Page
from priorauth.documents.readers.recognise import recognised

if TYPE_CHECKING:
    from PIL.Image import Image

SHOWN_WIDE: Final = 1200
SHOWN_HIGH: Final = 2400
"""How many points a page that is shown has at most."""
MOST_PIXELS: Final = 80_000_000
"""How many points a picture may have before it is looked at."""
_LIKELY: Final = range(60, 1201)
"""What a picture may say of how many points it has an inch; else it is not believed."""


class PictureFault(Exception):
    """A picture cannot be read; the text says why."""


def pages(content: bytes, most: int) -> Iterator[Page | str]:
    """Yield the pages of a picture, and what is to be said of it; raises PictureFault."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # said below, before anything is unpacked
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library thinks of a tag is no reading
        try:
            with Image.open(BytesIO(content)) as held:
                count = int(getattr(held, "n_frames", 1))
                if count > most:
                    yield f"the first {most} of {count} pages were read"
                for number in range(1, min(count, most) + 1):
                    held.seek(number - 1)
                    if held.width * held.height > MOST_PIXELS:
                        raise PictureFault(f"page {number} has more than {MOST_PIXELS:,} points")
                    one = ImageOps.exif_transpose(held.convert("L"))
                    yield recognised(one, number, _fineness(held.info.get("dpi"), one.width))
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
            raise PictureFault("the picture is damaged: it cannot be opened") from None


def drawing(content: bytes, number: int) -> bytes | None:
    """Return a page as PNG, made anew; None where there is none. Raises PictureFault."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # said below
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(content)) as held:
                if not 0 < number <= int(getattr(held, "n_frames", 1)):
                    return None
                held.seek(number - 1)
                if held.width * held.height > MOST_PIXELS:
                    raise PictureFault(f"page {number} has more than {MOST_PIXELS:,} points")
                one = held.convert("RGB")
                one.thumbnail((SHOWN_WIDE, SHOWN_HIGH))
                return png(one)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
            raise PictureFault("the picture is damaged: it cannot be opened") from None


def png(made: Image) -> bytes:
    """Return a picture as PNG."""
    out = BytesIO()
    made.save(out, "PNG")
    return out.getvalue()


def _fineness(said: object, width: int) -> float:
    """Return how many points an inch has: as the picture says, where that can be, else as if it were a letter page."""
    try:
        found = float(str(said[0])) if isinstance(said, tuple) and said else 0.0
    except ValueError:
        found = 0.0
    if round(found) in _LIKELY:
        return found
    return max(width / 8.5, 1.0)
