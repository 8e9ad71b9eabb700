"""Pictures of pages in a size, and what is read of a paper: from the shelf, or begun beside the page that asks."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from priorauth.documents import shown
from priorauth.documents.pages import Page, Reading
from priorauth.documents.read import read
from priorauth.errors import InputRefused
from priorauth.server.problem import Problem
from priorauth.workbench.shelf import Shelf
from priorauth.workbench.visit import Visit

SIZES: Final = {"t": 120, "s": 600, "m": 900, "l": 1200}
"""How many points wide a page is drawn: as a thumbnail, small, as a rule, large."""
USUAL: Final = "m"
TURNS: Final = (0, 90, 180, 270)
ZOOMS: Final = ("s", "m", "l")
PICTURE_SECONDS: Final = 4.0
"""How long an address waits for a picture before it is asked again."""
READING_SECONDS: Final = 3.0
"""How long a page waits for the text of a paper."""
WHOLE_SECONDS: Final = 20.0
"""How long what is sent waits for the text that it speaks of."""
_PER_WORD: Final = 250
"""About how many bytes a word of a reading takes."""


def reading(visit: Visit, sha256: str, name: str, content: bytes, seconds: float = READING_SECONDS) -> Reading | None:
    """Return what is read of a file; None where it is still being read. Raises InputRefused."""
    key = (visit.session.tenant, sha256)
    return visit.service.one(Shelf).asked("reading", key, lambda: read(content, name), _weight, seconds=seconds)


def _weight(found: Reading) -> int:
    return sum(len(page.words) * _PER_WORD + len(page.text) for page in found.pages)


def page_of(found: Reading | None, number: int) -> Page | None:
    """Return a page of a reading; None where there is none of that number."""
    return None if found is None else next((one for one in found.pages if one.number == number), None)


def picture(  # noqa: PLR0913, PLR0917 - which file, which page of it, how
    visit: Visit, sha256: str, content: bytes, number: int, size: str, turned: int
) -> bytes | None:
    """Return a page as PNG, turned by so many degrees; None where it is being drawn. Raises Problem."""
    shelf = visit.service.one(Shelf)
    own = (visit.session.tenant, sha256, str(number))
    whole = shelf.asked("picture", own, lambda: drawn(content, number), len, seconds=PICTURE_SECONDS)
    if whole is None:
        return None
    key = (*own, size, str(turned))
    return shelf.asked("sized", key, lambda: sized(whole, SIZES[size], turned), len, seconds=PICTURE_SECONDS)


def drawn(content: bytes, number: int) -> bytes:
    """Return a page, from 1 on, as PNG, drawn in a process apart; raises Problem where there is none."""
    try:
        made = shown.page(content, "the document", number)
    except InputRefused as fault:
        raise Problem("not-found", "; ".join(one.message for one in fault.faults)) from None
    if made is None:
        raise Problem("not-found", f"the document has no page {number} that can be shown")
    return made


def sized(content: bytes, wide: int, turned: int) -> bytes:
    """Return a picture turned as it was read, and no wider than so many points."""
    from PIL import Image

    out = BytesIO()
    with Image.open(BytesIO(content)) as held:
        made = held.convert("RGB")
        made = made.rotate(turned, expand=True) if turned else made
        if made.width > wide:
            made = made.resize((wide, max(1, round(made.height * wide / made.width))), Image.Resampling.LANCZOS)
        made.save(out, "PNG")
    return out.getvalue()
