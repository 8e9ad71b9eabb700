"""Text in any encoding, as pages: a form feed begins one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from priorauth.documents.pages import Page, Word, unread
from priorauth.documents.readers.signs import SIGNS

_WORD: Final = re.compile(r"\S+")
_LINES: Final = re.compile(r"\r\n?|\x0b|\x85|\u2028|\u2029")
MOST_LETTERS: Final = 5_000_000
"""How long a text may be."""
_LONG: Final = 6_000
"""A text without form feeds is one page; so long a one is parted at a line, so that a page can be shown."""


class TextFault(Exception):
    """A text cannot be read; the text says why."""


def pages(content: bytes, wanted: range) -> Iterator[Page | str]:
    """Yield the pages of a plain text."""
    yield from of_text(decoded(content), wanted)


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


def of_text(text: str, wanted: range) -> Iterator[Page | str]:
    """Yield a text as pages, each word with where it begins, and no place on a page; raises TextFault."""
    if len(text) > MOST_LETTERS:
        raise TextFault(f"the text is longer than {MOST_LETTERS:,} letters")
    parts = [part for whole in _LINES.sub("\n", text).split("\f") for part in _parted(whole)]
    while len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    yield from unread(len(parts), wanted)
    for number in range(wanted.start, min(wanted.stop, len(parts) + 1)):
        clean = parts[number - 1].expandtabs(8).translate(SIGNS)
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
