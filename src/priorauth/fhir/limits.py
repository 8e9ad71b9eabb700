"""Limits on what is parsed, held before any parser sees the bytes, so that no input can exhaust the machine.

The depth of JSON is found without recursion: everything but brackets and quotes is deleted, then pairs of brackets
are struck out from the inside, one level a round. Only where strings hold loose brackets is each string cut out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from priorauth.errors import Fault, InputRefused
from priorauth.values import strict_json

MAX_BYTES: Final = 200_000_000
MAX_DEPTH: Final = 100
MAX_ENTRIES: Final = 2_000_000
MAX_OBJECTS: Final = 6_000_000
"""JSON objects and arrays: a FHIR document of MAX_BYTES holds about half as many."""

_DELETED: Final = bytes(byte for byte in range(256) if byte not in b'{}[]"')
_STRING: Final = re.compile(rb'"[^"]*"?')
_BOM: Final = b"\xef\xbb\xbf"


def checked(data: bytes, name: str, *, max_bytes: int = MAX_BYTES) -> bytes:
    """Return the bytes without a byte order mark; raises InputRefused if they are no UTF-8, too many, too deep or too
    full, or where an object has a key twice.
    """
    if len(data) > max_bytes:
        raise InputRefused(Fault(name, None, f"expected at most {max_bytes:,} bytes, found {len(data):,}"))
    data = data.removeprefix(_BOM)
    brackets = _brackets(data)
    if len(brackets) > MAX_OBJECTS and brackets.count(b"{") + brackets.count(b"[") > MAX_OBJECTS:
        raise InputRefused(Fault(name, None, f"expected at most {MAX_OBJECTS:,} JSON objects and arrays"))
    if not _closes_within(brackets, MAX_DEPTH) and _deepest(data) > MAX_DEPTH:
        raise InputRefused(Fault(name, None, f"expected JSON nested at most {MAX_DEPTH} deep"))
    try:
        strict_json.check(data)
    except strict_json.JsonFault as fault:
        raise InputRefused(Fault(name, None, str(fault))) from None
    return data


def entries_fault(count: int) -> str | None:
    """Return what was expected in place of a Bundle of so many entries; None where it may have them."""
    return None if count <= MAX_ENTRIES else f"expected at most {MAX_ENTRIES:,} entries, found {count:,}"


def deeper_than(data: bytes, limit: int) -> bool:
    """Whether brackets nest deeper than ``limit``; brackets inside strings do not count."""
    return not _closes_within(_brackets(data), limit) and _deepest(data) > limit


def _brackets(data: bytes) -> bytes:
    """Leave only brackets and the quotes that begin or end a string."""
    if b"\\" in data:
        data = _unescaped(data)
    return data.translate(None, _DELETED)


def _unescaped(data: bytes) -> bytes:
    return data.replace(b"\\\\", b"").replace(b'\\"', b"")


def _deepest(data: bytes) -> int:
    """Count how deep brackets nest, with every string cut out."""
    bare = _STRING.sub(b"", _unescaped(data)).translate(None, _DELETED)
    return max(accumulate((1 if byte in b"{[" else -1 for byte in bare), initial=0))


def _closes_within(brackets: bytes, limit: int) -> bool:
    """Whether every bracket has its partner and none lies deeper than ``limit``.

    Between a bracket of the structure and one inside a string stands an odd number of quotes, and quotes go in pairs,
    so the two never cancel each other.
    """
    for _ in range(limit):
        brackets = brackets.replace(b'""', b"")
        fewer = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if not fewer:
            return True
        if len(fewer) == len(brackets):
            return False
        brackets = fewer
    return False


def checked_mapping(source: Mapping[str, object], name: str) -> None:
    """Raise InputRefused where a mapping nests too deep or holds too much; walks without recursion."""
    waiting: list[tuple[object, int]] = [(source, 1)]
    seen = 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > MAX_DEPTH:
            raise InputRefused(Fault(name, None, f"expected JSON nested at most {MAX_DEPTH} deep"))
        if seen > MAX_OBJECTS:
            raise InputRefused(Fault(name, None, f"expected at most {MAX_OBJECTS:,} JSON objects and arrays"))
        parts: Sequence[object] = (
            list(value.values()) if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
        )
        waiting.extend((part, depth + 1) for part in parts if isinstance(part, Mapping | list | tuple))
