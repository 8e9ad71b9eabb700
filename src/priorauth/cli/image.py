"""A picture as an image of points, for programs that take no SVG: printed as a letter is, and drawn by PDFium."""

from __future__ import annotations

from hashlib import sha256
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Final

from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.glucose.page.picture import Picture

EXTRA: Final = "pip install 'priorauth[letters,documents]'"
FINE: Final = 2
"""How many points of the image a unit of the picture has."""
_PAGE: Final = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
@font-face {{ font-family: Letter; src: url(letters:AtkinsonHyperlegibleNext-Regular.ttf) }}
@font-face {{ font-family: Letter; font-weight: bold; src: url(letters:AtkinsonHyperlegibleNext-Bold.ttf) }}
@page {{ size: {width}pt {height}pt; margin: 0 }} body {{ margin: 0 }} svg {{ display: block; width: {width}pt }}
</style></head><body>{svg}</body></html>
"""


def png(picture: Picture) -> bytes:
    """Return a picture as PNG; refuses where the libraries are not installed."""
    from priorauth.letters.paper import PaperFault, pdf

    width, height = picture.size
    svg = picture.svg.replace('font-family="sans-serif"', 'font-family="Letter, sans-serif"', 1)
    page = _PAGE.format(title=escape(picture.title), width=width, height=height, svg=svg)
    try:
        from pypdfium2 import PdfDocument

        printed = pdf(page, sha256(page.encode()).digest()[:16])
    except ModuleNotFoundError:
        raise refused(f"--png: needs the extras letters and documents: {EXTRA}") from None
    except PaperFault as fault:
        raise refused(f"--png: {fault}") from None
    made = BytesIO()
    document = PdfDocument(printed)
    document[0].render(scale=FINE).to_pil().save(made, "PNG")
    document.close()
    return made.getvalue()
