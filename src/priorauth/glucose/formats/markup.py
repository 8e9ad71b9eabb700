"""An XML log is told by its root element, and read as a stream: an Apple Health export may be a gigabyte.

A document that declares entities is refused: they can make a small file large, and no export of glucose has any.
"""

from __future__ import annotations

from typing import IO, Final
from xml.parsers import expat

from priorauth.glucose.formats import apple, ohio
from priorauth.glucose.formats.reading import Hints, Raw
from priorauth.glucose.reject import log_refused, unknown_format

PEEKED: Final = 1 << 20
"""How many bytes from the start the root element is looked for in; an Apple Health export has a DTD above it."""


class _Found(Exception):
    """The root element."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def is_markup(head: bytes) -> bool:
    """Whether the first bytes of a file are those of XML."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def read(name: str, stream: IO[bytes], hints: Hints) -> Raw:
    """Read an XML log; raises LogRefused for what is none, declares entities, or is damaged."""
    head = stream.read(PEEKED)
    root = _root(name, head)
    if root == apple.ROOT:
        return apple.read(name, head, stream, hints)
    if root == ohio.ROOT:
        return ohio.read(name, head, stream, hints)
    raise unknown_format(name, "XML of another kind; expected an export of Apple Health or a file of OhioT1DM")


def _root(name: str, head: bytes) -> str:
    parser = expat.ParserCreate()

    def start(tag: str, _: dict[str, str]) -> None:
        raise _Found(tag)

    def declared(*_: object) -> None:
        raise log_refused(name, "declares entities; expected XML without them")

    parser.StartElementHandler = start
    parser.EntityDeclHandler = declared
    try:
        parser.Parse(head, False)
    except _Found as found:
        return found.name
    except expat.ExpatError as fault:
        raise unknown_format(name, "expected well-formed XML") from fault
    raise unknown_format(name, "expected the root of an XML log in its first megabyte")
