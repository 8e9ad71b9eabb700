"""A page as people see it: a picture with the words marked of which something is said."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from priorauth.documents import apart
from priorauth.documents.kind import kind_of
from priorauth.documents.pages import Box

MARK: Final = (255, 214, 0)
_WIDER: Final = 2
"""By how many points a mark is wider than its words."""


def page(content: bytes, name: str, number: int, marks: Sequence[Box] = (), turned: int = 0) -> bytes | None:
    """Return a page, from 1 on, as PNG, with rectangles marked; None where there is none to be shown.

    ``turned``: by how many degrees it was turned to be read, as its reading says. A text, HTML, RTF, DOCX or C-CDA has
    no pages that can be drawn. Raises InputRefused.
    """
    made = apart.picture(content, kind_of(content, name), name, number)
    return made if made is None or not (marks or turned) else marked(made, marks, turned)


def marked(picture: bytes, marks: Sequence[Box], turned: int = 0) -> bytes:
    """Return a picture, turned, with rectangles coloured as a marker does."""
    from PIL import Image, ImageChops, ImageDraw

    with Image.open(BytesIO(picture)) as held:
        made = held.convert("RGB").rotate(turned, expand=True)
    over = Image.new("RGB", made.size, (255, 255, 255))
    draw = ImageDraw.Draw(over)
    for box in marks:
        left, top = box.left * made.width - _WIDER, box.top * made.height - _WIDER
        draw.rectangle((left, top, box.right * made.width + _WIDER, box.bottom * made.height + _WIDER), fill=MARK)
    out = BytesIO()
    ImageChops.multiply(made, over).save(out, "PNG")
    return out.getvalue()
