"""DOCX: its text with its tables, the boxes of its forms, and what stands at the head and foot of its pages."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET

from priorauth.documents.pages import Page
from priorauth.documents.readers.html import seen
from priorauth.documents.readers.plain import TextFault, of_text

MOST_UNPACKED: Final = 100_000_000
MOST_RATIO: Final = 200
"""To how much a DOCX may unpack, and to how many times its size."""
_MOST_MARGIN: Final = 2_000_000
_MARGIN: Final = re.compile(r"word/(header|footer)\d*\.xml")
_WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAGES: Final = "br[type='page'] => hr.page-break"


def pages(content: bytes, wanted: range) -> Iterator[Page | str]:
    """Yield the pages of a DOCX; raises TextFault where it is damaged or unpacks to too much."""
    import mammoth  # type: ignore[import-untyped]

    head, foot = _margins(content)
    without = mammoth.images.img_element(lambda _: {"src": ""})
    try:
        found = mammoth.convert_to_html(BytesIO(content), convert_image=without, style_map=_PAGES)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of the library
        raise TextFault("the DOCX is damaged: it cannot be read") from None
    yield from of_text("\n\n".join(part for part in (head, seen(found.value), foot) if part), wanted)


def _margins(content: bytes) -> tuple[str, str]:
    """Return what stands at the head and the foot of pages, each once; raises TextFault."""
    told: dict[str, list[str]] = {"header": [], "footer": []}
    try:
        with zipfile.ZipFile(BytesIO(content)) as held:
            if sum(one.file_size for one in held.infolist()) > min(MOST_UNPACKED, MOST_RATIO * len(content)):
                raise TextFault("the DOCX unpacks to more than a document has")
            for one in held.infolist():
                if (place := _MARGIN.fullmatch(one.filename)) and one.file_size <= _MOST_MARGIN:
                    told[place[1]] += _paragraphs(held.read(one))
            if b"<!DOCTYPE" in held.read("word/document.xml"):
                raise TextFault("the DOCX declares a document type, which none has")
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, ET.ParseError, NotImplementedError, RuntimeError):
        raise TextFault("the DOCX is damaged: it cannot be opened") from None
    head, foot = ("\n".join(dict.fromkeys(line for line in lines if line.strip())) for lines in told.values())
    return head, foot


def _paragraphs(content: bytes) -> Iterator[str]:
    if b"<!DOCTYPE" in content:
        return
    for one in ET.fromstring(content).iter(f"{_WORD}p"):  # noqa: S314 - without a document type nothing is expanded
        parts = (
            "   " if part.tag == f"{_WORD}tab" else part.text or ""
            for part in one.iter()
            if part.tag in (f"{_WORD}t", f"{_WORD}tab")
        )
        yield "".join(parts).strip()
