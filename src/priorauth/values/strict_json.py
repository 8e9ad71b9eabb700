r"""JSON that means one thing to every reader: UTF-8, and in each object each key once.

A decoder takes the last of two equal keys and tells nobody, another takes the first. Whether a key stands twice is
found by counting colons. Every member of an object has one of its own, and a colon within a string is a colon wherever
the string goes; so what was decoded and written again has fewer of them exactly where a decoder dropped a member. What
must not be is a colon that the text escapes (``\u003a``): those are spelled out first.
"""

from __future__ import annotations

import json
import re
from typing import Final

import msgspec
from msgspec import Raw

LARGE: Final = 4_000_000
"""Bytes from which the parts of a list are looked at one by one, so that no second copy of all is held."""
AT_ONCE: Final = 200_000
"""Bytes of such parts that are looked at together."""
_ESCAPE: Final = re.compile(rb"\\(?:u003[aA]|.)", re.DOTALL)
_MEMBERS: Final = msgspec.json.Decoder(dict[str, Raw])
_PARTS: Final = msgspec.json.Decoder(list[Raw])


class JsonFault(ValueError):
    """JSON that is refused: says what was expected."""


def check(data: bytes) -> None:
    """Raise JsonFault where the text is no JSON in UTF-8, or an object in it has a key twice."""
    if b"\\" in data and b"\\u003" in data:  # one sign is found much faster than six, and most texts have none
        data = _ESCAPE.sub(_spelled, data)
    if len(data) < LARGE:
        _whole(data)
    else:
        _by_parts(data)


def _spelled(found: re.Match[bytes]) -> bytes:
    return b":" if len(found.group()) > 2 else found.group()  # noqa: PLR2004 - a backslash and what it escapes


def _by_parts(data: bytes) -> None:
    """Look at the members of an object, and at the parts of its lists, one after another.

    Where the colons of the members and of their keys are all there are, none was dropped.
    """
    try:
        members = {key: bytes(raw) for key, raw in _MEMBERS.decode(data).items()}
        parts = [part for raw in members.values() for part in (_PARTS.decode(raw) if raw[:1] == b"[" else (raw,))]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        _slowly(data)
        return
    if sum(key.count(":") + 1 + raw.count(b":") for key, raw in members.items()) != data.count(b":"):
        _slowly(data)
        return
    held, size = [], 0
    for part in parts:
        held.append(part)
        size += len(memoryview(part))
        if size >= AT_ONCE:
            _whole(b"[" + b",".join(held) + b"]")
            held, size = [], 0
    _whole(b"[" + b",".join(held) + b"]")


def _whole(data: bytes) -> None:
    try:
        same = msgspec.json.encode(msgspec.json.decode(data)).count(b":") == data.count(b":")
    except UnicodeDecodeError:
        raise JsonFault("expected UTF-8 text") from None
    except (msgspec.MsgspecError, RecursionError, ValueError):
        same = False  # a number that no float holds, or no JSON: the slow reader says
    if not same:
        _slowly(data)


def _slowly(data: bytes) -> None:
    """Read with the standard library, which hands over every member."""
    try:
        json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_int=str, parse_float=str)
    except UnicodeDecodeError:
        raise JsonFault("expected UTF-8 text") from None
    except json.JSONDecodeError as fault:
        raise JsonFault(f"expected JSON: {fault.msg} (byte {len(fault.doc[: fault.pos].encode())})") from None
    except RecursionError:
        raise JsonFault("expected JSON that nests less deep") from None


def _once(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise JsonFault(f"expected each key once in an object, found {key[:40]!r} twice")
        seen.add(key)
