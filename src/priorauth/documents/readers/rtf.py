"""RTF: its text, cells of a row side by side; a page break begins a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from priorauth.documents.pages import Page
from priorauth.documents.readers.plain import TextFault, of_text

_PAGE: Final = re.compile(r"\\page(?![a-z])\s?")
_CELL: Final = re.compile(r"\\(?:nest)?cell(?![a-z])\s?")
_BREAK: Final = "\ue00c"
_GAP: Final = "\ue00d"
"""Signs that no text has, in place of what the library would lose or mix with the text's own."""


def pages(content: bytes, wanted: range) -> Iterator[Page | str]:
    """Yield the pages of RTF; raises TextFault."""
    from striprtf.striprtf import rtf_to_text

    said = content.decode("latin-1")
    for found, sign in ((_PAGE, _BREAK), (_CELL, _GAP)):
        said = found.sub(lambda _, sign=sign: f"\\u{ord(sign) - 0x10000}?", said)  # type: ignore[misc]
    try:
        text = str(rtf_to_text(said, errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, KeyError, IndexError, LookupError):
        raise TextFault("the RTF is damaged: it cannot be read") from None
    yield from of_text(re.sub(rf"{_GAP} ?(?=\n|$)", "", text).replace(_GAP, "   ").replace(_BREAK, "\f"), wanted)
