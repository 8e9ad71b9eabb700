"""What a file is, by what is in it and never by its name."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Final

from priorauth.documents.pages import Kind
from priorauth.errors import Fault, InputRefused

_PDF_WITHIN: Final = 1024
"""A PDF may have so many bytes before its head."""
_HEAD: Final = 4096
_BEGINNINGS: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
    (b"II+\x00", "tiff"),
    (b"MM\x00+", "tiff"),
    (b"GIF8", "gif"),
    (b"{\\rtf", "rtf"),
)
_OTHERS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"BM", "a BMP picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document: save it as DOCX or PDF"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "an archive"),
    (b"RIFF", "a WebP picture or a recording: save it as JPEG or PDF"),
    (b"7z\xbc\xaf", "an archive"),
)
_HTML: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|p|div|table)\b", re.IGNORECASE)
_CCDA: Final = re.compile(rb"<(?:[\w.-]+:)?ClinicalDocument\b")
_XML: Final = re.compile(rb"^\s*<(?:\?xml|[A-Za-z])")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_BOM: Final = b"\xef\xbb\xbf"
_CONTROLS: Final = frozenset({*range(0x20)} - {*b"\t\n\r\f\x0b\x08\x1b"})
"""Bytes that no text has."""


def kind_of(content: bytes, name: str) -> Kind:
    """Return what a file is; raises InputRefused where it is nothing that is read here."""
    if not content.strip(b"\x00 \t\r\n"):
        raise _refused(name, "the file is empty")
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    if content.startswith(b"PK"):
        return _packed(content, name)
    if content[4:8] == b"ftyp":
        raise _refused(name, "expected a document, found a HEIC picture or a film: save it as JPEG or PDF")
    for beginning, said in _OTHERS:
        if content.startswith(beginning) and not _is_text(content):
            raise _refused(name, f"expected a document, found {said}")
    if not _is_text(content):
        raise _refused(name, "expected a PDF, a picture (TIFF, PNG, JPEG), HTML, RTF, DOCX, C-CDA or text")
    return _written(content, name)


def _packed(content: bytes, name: str) -> Kind:
    """Return what a zip is: a DOCX, or nothing that is read."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as held:
            names = set(held.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _refused(name, "expected a document, found a zip that cannot be opened") from None
    if "word/document.xml" in names:
        return "docx"
    raise _refused(name, "expected a document, found a zip: send what is in it")


def _written(content: bytes, name: str) -> Kind:
    """Return what a text is: a C-CDA, HTML, or plain."""
    head = content.removeprefix(_BOM)[:_HEAD]
    if content.startswith(_WIDE):
        head = content[2 : 2 * _HEAD].replace(b"\x00", b"").lstrip(b"\xff\xfe")
    if _XML.match(head) or head.lstrip()[:2] in (b"<?", b"<!"):
        if _CCDA.search(head):
            return "ccda"
        if _HTML.search(head):
            return "html"
        raise _refused(name, "expected a C-CDA document or HTML, found other XML")
    return "text"


def _is_text(content: bytes) -> bool:
    if content.startswith(_WIDE):
        return True
    return not _CONTROLS.intersection(content[:_HEAD]) and not _CONTROLS.intersection(content[-_HEAD:])


def _refused(name: str, said: str) -> InputRefused:
    return InputRefused(Fault(name, None, said))
