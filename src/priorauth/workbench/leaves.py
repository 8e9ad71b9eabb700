"""The pages of a paper as pictures, drawn by PDFium, one at a time; pictures as they are, made anew.

The library is the extra ``documents``; without it a page says what to install.
"""

from __future__ import annotations

from io import BytesIO
from threading import Lock
from typing import Final

from priorauth.server.problem import Problem
from priorauth.workbench.drafts.uploads import PDF

EXTRA: Final = "pip install 'priorauth[documents]'"
MOST_LEAVES: Final = 300
_WIDE: Final = 900
"""How many points wide a page is drawn."""
_MOST_SIDE: Final = 2000
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/tiff")
_DRAWING: Final = Lock()
"""PDFium draws for one at a time."""


def count(media: str, content: bytes) -> int:
    """Return how many pages can be shown; 0 of what cannot be read. Raises Problem without the library."""
    if media in _PICTURES:
        return 1
    if media != PDF:
        return 0
    with _DRAWING:
        document = _opened(content)
        if document is None:
            return 0
        try:
            return min(len(document), MOST_LEAVES)
        finally:
            document.close()


def drawn(media: str, content: bytes, number: int) -> bytes:
    """Return a page, from 1 on, as PNG; raises Problem where there is none."""
    made = _picture(content) if media in _PICTURES else _leaf(content, number) if media == PDF else None
    if made is None:
        raise Problem("not-found", f"the document has no page {number} that can be shown")
    return made


def _opened(content: bytes):  # type: ignore[no-untyped-def]  # noqa: ANN202 - of a library that is loaded here
    try:
        from pypdfium2 import PdfDocument, PdfiumError
    except ModuleNotFoundError:
        raise Problem("invalid", f"pages of a PDF are shown with the extra documents: {EXTRA}") from None
    try:
        return PdfDocument(content)
    except PdfiumError:
        return None


def _leaf(content: bytes, number: int) -> bytes | None:
    with _DRAWING:
        document = _opened(content)
        if document is None:
            return None
        try:
            if not 0 < number <= min(len(document), MOST_LEAVES):
                return None
            leaf = document[number - 1]
            wide, high = leaf.get_size()
            scale = min(_WIDE / max(wide, 1), _MOST_SIDE / max(high, 1))
            made = BytesIO()
            leaf.render(scale=scale).to_pil().save(made, "PNG")
            return made.getvalue()
        finally:
            document.close()


def _picture(content: bytes) -> bytes | None:
    try:
        from PIL import Image
    except ModuleNotFoundError:
        raise Problem("invalid", f"pictures are shown with the extra documents: {EXTRA}") from None
    made = BytesIO()
    try:
        with Image.open(BytesIO(content)) as found:
            found.thumbnail((_WIDE, _MOST_SIDE))
            found.convert("RGB").save(made, "PNG")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return made.getvalue()
