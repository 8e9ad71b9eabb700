"""The pages of a paper as pictures: drawn one at a time by a process apart, with limits; pictures are made anew.

The libraries are the extra ``documents``; without it a page says what to install.
"""

from __future__ import annotations

import hashlib
from threading import BoundedSemaphore
from typing import Final

from priorauth.documents import apart
from priorauth.documents.kind import kind_of
from priorauth.documents.pages import PICTURED, Kind
from priorauth.errors import InputRefused
from priorauth.server.problem import Problem
from priorauth.workbench.drafts.uploads import PDF

MOST_LEAVES: Final = 300
_WIDE: Final = 900
"""How many points wide a page is drawn."""
_PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/tiff")
_DRAWING: Final = BoundedSemaphore(2)
"""So many pages are drawn at a time."""
_MOST_COUNTS: Final = 2_000
_COUNTS: Final[dict[bytes, int]] = {}
"""How many pages files have that were looked at lately, by what is in them."""


def count(media: str, content: bytes) -> int:
    """Return how many pages can be shown; 0 of what cannot be read. Raises Problem without the libraries."""
    kind = _kind(media, content)
    if kind is None:
        return 0
    if kind not in ("pdf", "tiff"):
        return 1
    sha256 = hashlib.sha256(content).digest()
    if sha256 not in _COUNTS:
        found = 0
        try:
            with _DRAWING:
                found = min(apart.count(content, kind, "paper"), MOST_LEAVES)
        except apart.ExtraMissing as missing:
            raise _lacking(missing) from None
        except InputRefused:
            pass
        if len(_COUNTS) >= _MOST_COUNTS:
            _COUNTS.clear()
        _COUNTS[sha256] = found
    return _COUNTS[sha256]


def drawn(media: str, content: bytes, number: int) -> bytes:
    """Return a page, from 1 on, as PNG; raises Problem where there is none."""
    kind, made = _kind(media, content), None
    if kind is not None and 0 < number <= MOST_LEAVES:
        try:
            with _DRAWING:
                made = apart.picture(content, kind, "paper", number, _WIDE)
        except apart.ExtraMissing as missing:
            raise _lacking(missing) from None
        except InputRefused:
            made = None
    if made is None:
        raise Problem("not-found", f"the document has no page {number} that can be shown")
    return made


def _kind(media: str, content: bytes) -> Kind | None:
    """Return what a file is, where it is what it is called and has pages that can be drawn."""
    if media != PDF and media not in _PICTURES:
        return None
    try:
        found = kind_of(content, "paper")
    except InputRefused:
        return None
    return found if found in PICTURED and (found == "pdf") == (media == PDF) else None


def _lacking(missing: apart.ExtraMissing) -> Problem:
    return Problem("invalid", str(missing).partition(": ")[2])
