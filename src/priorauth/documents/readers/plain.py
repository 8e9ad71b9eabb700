"""Text, and what is text once its marks are taken away: HTML, RTF, DOCX. A form feed begins a page."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from priorauth.documents.pages import Page, Word

MOST_UNPACKED: Final = 100_000_000
MOST_RATIO: Final = 200
_WORD: Final = re.compile(r"\S+")
_LINES: Final = re.compile(r"\r\n?|\x0b|\x85|\u2028|\u2029")
_LONG: Final = 6_000
"""A text without form feeds is one page; so long a one is parted at a line, so that a page can be shown."""
_BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "tbody", "tfoot", "thead", "tr", "ul"),
    )
)
_UNREAD: Final = ("script", "style", "template", "head", "noscript", "iframe", "object", "svg")


class TextFault(Exception):
    """A text cannot be read; the text says why."""


def pages(content: bytes, most: int) -> Iterator[Page | str]:
    """Yield the pages of a plain text."""
    yield from of_text(decoded(content), most)


def html(content: bytes, most: int) -> Iterator[Page | str]:
    """Yield the pages of HTML: what is seen of it, cells of a table side by side."""
    yield from of_text(seen(decoded(content)), most)


def rtf(content: bytes, most: int) -> Iterator[Page | str]:
    """Yield the pages of RTF."""
    from striprtf.striprtf import rtf_to_text

    try:
        text = str(rtf_to_text(content.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]
    except (ValueError, KeyError, IndexError, RecursionError):
        raise TextFault("the RTF is damaged: it cannot be read") from None
    yield from of_text(text.replace("|", "   "), most)


def docx(content: bytes, most: int) -> Iterator[Page | str]:
    """Yield the pages of a DOCX, its tables too; raises TextFault where it unpacks to too much."""
    import mammoth  # type: ignore[import-untyped]

    if _unpacked(content) > min(MOST_UNPACKED, MOST_RATIO * len(content)):
        raise TextFault("the DOCX unpacks to more than a document has")
    try:
        found = mammoth.convert_to_html(
            BytesIO(content), convert_image=mammoth.images.img_element(lambda _: {"src": ""})
        )
    except Exception:  # noqa: BLE001 - whatever a damaged file makes of the library
        raise TextFault("the DOCX is damaged: it cannot be read") from None
    yield from of_text(seen(found.value), most)


def _unpacked(content: bytes) -> int:
    """Return how large a zip says that it is once unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as held:
            return sum(one.file_size for one in held.infolist())
    except (zipfile.BadZipFile, OSError, ValueError):
        raise TextFault("the DOCX is damaged: it cannot be opened") from None


def decoded(content: bytes) -> str:
    """Return a text in whatever encoding it is: as its marks say, UTF-8 where that fits, else as is most likely."""
    from charset_normalizer import from_bytes

    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(content, cp_isolation=["cp1252", "latin_1", "cp437", "mac_roman"]).best()
        return str(best) if best is not None else content.decode("cp1252", "replace")


def seen(text: str) -> str:
    """Return what is seen of HTML, a line a block, cells of a row three spaces apart, boxes as marks."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    for one in tree.css(", ".join(_UNREAD)):
        one.decompose()
    root = tree.body or tree.root
    if root is None:
        return ""
    parts: list[str] = []
    for node in root.traverse(include_text=True):
        tag = node.tag
        if tag == "-text":
            parts.append(re.sub(r"\s+", " ", node.text(deep=False) or ""))
        elif tag in ("td", "th"):
            parts.append("   ")
        elif tag == "input" and (node.attributes.get("type") or "") in ("checkbox", "radio"):
            parts.append("[x] " if "checked" in node.attributes else "[ ] ")
        elif tag in _BLOCKS:
            parts.append("\n")
    lines = ("".join(parts)).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()


def of_text(text: str, most: int) -> Iterator[Page | str]:
    """Yield a text as pages, each word with where it begins; a word has no place on a page that has none."""
    parts = [part for whole in _LINES.sub("\n", text).split("\f") for part in _parted(whole)]
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    if len(parts) > most:
        yield f"the first {most} of {len(parts)} pages were read"
    for number, part in enumerate(parts[:most], 1):
        clean = part.expandtabs(8)
        words = tuple(Word(found[0], found.start()) for found in _WORD.finditer(clean))
        yield Page(number=number, text=clean, words=words)


def _parted(text: str) -> Iterator[str]:
    """Yield a text in parts that are no longer than a page can be, parted at lines that are empty where there are."""
    while len(text) > _LONG:
        at = max(text.rfind("\n\n", _LONG // 2, _LONG), text.rfind("\n", _LONG // 2, _LONG))
        at = at if at > 0 else _LONG
        yield text[:at]
        text = text[at:].removeprefix("\n")
    yield text
