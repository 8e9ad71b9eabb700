"""JSON as the scanner understands it, compiled: where a value ends. It may refuse what is JSON, never the other way."""
# ruff: noqa: FBT001  (no arguments by name there)
# ruff: noqa: PLR2004  (bytes of JSON, as numbers: "{" is 123)

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.population.ingest.plain.jit import compiled

Bytes = NDArray[np.uint8]

DEEPEST = 40
_ONE = np.uint64(1)
_MARKED = np.array([byte < 32 or byte > 127 or byte in (34, 92) for byte in range(256)])
"""Bytes that end the plain part of a string."""


@compiled
def space(data: Bytes, at: int, end: int) -> int:
    """Return the place after any spaces."""
    while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@compiled
def _hex(byte: int) -> bool:
    return 48 <= byte <= 57 or 65 <= byte <= 70 or 97 <= byte <= 102


@compiled
def _escape(data: Bytes, at: int, end: int) -> int:
    """Return the place after an escape whose backslash is passed; -1 for half a character."""
    if at >= end:
        return -1
    byte = data[at]
    if byte != 117:
        known = byte in (34, 92, 47, 98, 102, 110, 114, 116)
        return at + 1 if known else -1
    if at + 5 > end:
        return -1
    for place in range(at + 1, at + 5):
        if not _hex(data[place]):
            return -1
    if (data[at + 1] | 32) == 100 and data[at + 2] >= 56:
        return -1
    return at + 5


@compiled
def string(data: Bytes, at: int, end: int, wide: bool) -> int:
    """Return the place after a string whose first quote is passed, -1 where it is none; ``wide``: all is UTF-8."""
    while True:
        place, last = np.uint64(at), np.uint64(end)  # an index without a sign needs no look at whether it is below 0
        while place < last and not _MARKED[data[place]]:
            place += _ONE
        at = np.int64(place)  # type: ignore[assignment]  # an int where it is compiled
        if at >= end:
            return -1
        byte = data[at]
        if byte == 34:
            return at + 1
        if byte == 92:
            at = _escape(data, at + 1, end)
            if at < 0:
                return -1
        elif byte > 127 and wide:
            at += 1
        else:
            return -1


@compiled
def _digits(data: Bytes, at: int, end: int) -> int:
    while at < end and 48 <= data[at] <= 57:
        at += 1
    return at


@compiled
def _number(data: Bytes, at: int, end: int) -> int:
    """Return the place after a number without an exponent and of at most 17 digits, else -1."""
    first = at
    if data[at] == 45:
        at += 1
    start = at
    at = _digits(data, at, end)
    if at == start or (at > start + 1 and data[start] == 48):
        return -1
    if at < end and data[at] == 46:
        start = at + 1
        at = _digits(data, start, end)
        if at == start:
            return -1
    if at < end and (data[at] | 32) == 101:
        return -1
    return at if at - first < 18 else -1


@compiled
def _literal(data: Bytes, at: int, end: int) -> int:
    """Return the place after true, false or null."""
    if at + 4 <= end:
        if data[at] == 116 and data[at + 1] == 114 and data[at + 2] == 117 and data[at + 3] == 101:
            return at + 4
        if data[at] == 110 and data[at + 1] == 117 and data[at + 2] == 108 and data[at + 3] == 108:
            return at + 4
    if at + 5 <= end and data[at] == 102 and data[at + 1] == 97 and data[at + 2] == 108:
        return at + 5 if data[at + 3] == 115 and data[at + 4] == 101 else -1
    return -1


@compiled
def colon(data: Bytes, at: int, end: int) -> int:
    """Return where the value of a member begins, whose name has just ended."""
    at = space(data, at, end)
    return space(data, at + 1, end) if at < end and data[at] == 58 else -1


@compiled
def _name(data: Bytes, at: int, end: int, wide: bool) -> int:
    """Return where the value of a member begins, whose name begins here."""
    if at >= end or data[at] != 34:
        return -1
    at = string(data, at + 1, end, wide)
    return -1 if at < 0 else colon(data, at, end)


@compiled
def value(data: Bytes, at: int, end: int, wide: bool) -> int:
    """Return the place after the JSON value that begins here, -1 where there is none that is understood."""
    depth, objects = 0, np.uint64(0)
    one = _ONE
    while True:
        if at < 0 or at >= end:
            return -1
        byte = data[at]
        if byte in (123, 91):
            if depth == DEEPEST:
                return -1
            depth += 1
            objects = (objects << one) | np.uint64(byte == 123)
            at = space(data, at + 1, end)
            if at >= end or data[at] != byte + 2:
                if byte == 123:
                    at = _name(data, at, end, wide)
                continue
            at += 1
            depth -= 1
            objects >>= one
        elif byte == 34:
            at = string(data, at + 1, end, wide)
        elif byte == 45 or 48 <= byte <= 57:
            at = _number(data, at, end)
        else:
            at = _literal(data, at, end)
        if at < 0:
            return -1
        more = False
        while depth and not more:
            at = space(data, at, end)
            if at >= end:
                return -1
            within = objects & one
            if data[at] == 44:
                at = space(data, at + 1, end)
                if within:
                    at = _name(data, at, end, wide)
                more = True
            elif data[at] == (125 if within else 93):
                at += 1
                depth -= 1
                objects >>= one
            else:
                return -1
        if not more:
            return at
