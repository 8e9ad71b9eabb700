r"""Text that a terminal takes as text: what would steer it is shown, escaped, in place of being sent.

Escaped are control characters (C0, DEL, C1), what turns the direction of writing, separators of lines and paragraphs,
and halves of surrogate pairs; each as Python writes it (``\x1b``, ``\u202e``). A line break counts too: whoever
writes a page hands its lines over one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_STEERS: Final = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
_ANY: Final = re.compile(f"[{_STEERS}]")
_IN_JSON: Final = re.compile(f"[{_STEERS.removeprefix(chr(0) + '-' + chr(0x1F))}]")


def printable(line: str) -> str:
    """Return a line with everything escaped that is no visible character."""
    return line if line.isascii() and line.isprintable() else _ANY.sub(_escaped, line)


def one_line(text: str, most: int) -> str:
    """Return text as one line of at most so many characters: anything invisible is a space, and no two are."""
    seen = text if text.isascii() and text.isprintable() else _ANY.sub(" ", text)
    return " ".join(seen.split())[:most].rstrip()


def page(text: str) -> str:
    """Return text of several lines: its line breaks stand, all else as :func:`printable` has it."""
    return "\n".join(map(printable, text.split("\n")))


def paged(lines: Iterable[str]) -> str:
    """Make a page of lines, each as :func:`printable` has it: a line break within one of them is shown, not made."""
    return "".join(f"{printable(line)}\n" for line in lines)


def json_text(text: str) -> str:
    """Return JSON in which strings escape, as JSON does, also what JSON lets stand and a terminal would obey."""
    return text if text.isascii() and "\x7f" not in text else _IN_JSON.sub(_unit, text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    return {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}.get(code) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")  # noqa: PLR2004


def _unit(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"
