"""The members of JSON objects, compiled: which have a name of the table, and where their values stand.

A resource is mostly what the one on the line before it is: what stands there letter for letter is not looked at again.
"""
# ruff: noqa: PLR0913, PLR0917  (compiled loops pass plain arrays and integers: objects would cost more than the work)
# ruff: noqa: FBT001  (no arguments by name there)
# ruff: noqa: PLR2004  (bytes of JSON, as numbers: "{" is 123)

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from priorauth.population.ingest.plain.jit import compiled
from priorauth.population.ingest.plain.syntax import Bytes, colon, space, string, value

Places = NDArray[np.int64]

LONGEST_NAME = 48
SLOTS = 512
MOST_MEMBERS = 48
_FROM, _NUMBER, _BEGIN, _STOP = range(4)


@compiled
def equal(one: Bytes, two: Bytes) -> bool:
    """Whether two stretches of one length are the same."""
    different = np.uint8(0)
    for place in range(len(one)):
        different |= one[place] ^ two[place]
    return bool(different == 0)


@compiled
def which(data: Bytes, at: int, end: int, names: Bytes, lengths: Places, table: Places) -> int:
    """Return the number of a name, -1 where it has none, -2 where it is written with escapes."""
    length = end - at
    mixed = length
    name = data[at:end]
    for place in range(length):
        if name[place] == 92:
            return -2
        mixed = (mixed * 31 + name[place]) & 0xFFFFFF
    slot = mixed % SLOTS
    while table[slot] >= 0:
        number = table[slot]
        if lengths[number] == length and equal(names[number, :length], name):
            return int(number)
        slot = (slot + 1) % SLOTS
    return -1


@compiled
def named(names: Bytes, lengths: Places, table: Places) -> None:
    """Fill the table of names."""
    for number in range(len(lengths)):
        mixed = lengths[number]
        for place in range(lengths[number]):
            mixed = (mixed * 31 + names[number, place]) & 0xFFFFFF
        slot = mixed % SLOTS
        while table[slot] >= 0:
            slot = (slot + 1) % SLOTS
        table[slot] = number


@compiled
def _member(
    data: Bytes, at: int, end: int, wide: bool, names: Bytes, lengths: Places, table: Places
) -> tuple[int, int, int]:
    """Return the number of the name of a member whose first quote is here, and the span of its value; -1: not plain."""
    start = at + 1
    at = string(data, start, end, wide)
    if at < 0:
        return -1, -1, -1
    number = which(data, start, at - 1, names, lengths, table)
    at = colon(data, at, end)
    if number < -1 or at < 0:
        return -1, -1, -1
    return number, at, value(data, at, end, wide)


@compiled
def _first(data: Bytes, at: int, end: int) -> int:
    """Return the place of the first member's name of an object; else as :func:`_next`."""
    if at >= end or data[at] != 123:
        return 0
    at = space(data, at + 1, end)
    if at < end and data[at] == 125:
        return -at - 1
    return at if at < end and data[at] == 34 else 0


@compiled
def _next(data: Bytes, at: int, end: int) -> int:
    """Return the place of the next member's name, that after the object as a negative number, 0 for neither."""
    at = space(data, at, end)
    if at >= end:
        return 0
    if data[at] == 125:
        return -at - 1
    if data[at] != 44:
        return 0
    at = space(data, at + 1, end)
    return at if at < end and data[at] == 34 else 0


@compiled
def members(
    data: Bytes,
    at: int,
    end: int,
    wide: bool,
    names: Bytes,
    lengths: Places,
    table: Places,
    first: int,
    spans: Places,
) -> int:
    """Return the place after an object, with the spans of its members from number ``first`` on; -1: not plain.

    No member that has a number may stand twice, and none that has one beyond the spans at all.
    """
    at = _first(data, at, end)
    while at > 0:
        number, begin, stop = _member(data, at, end, wide, names, lengths, table)
        number -= first
        if stop < 0 or (number >= 0 and (number >= len(spans) or spans[number, 1])):
            return -1
        if number >= 0:
            spans[number, 0], spans[number, 1] = begin, stop
        at = _next(data, stop, end)
    return -at if at else -1


@compiled
def whole(
    data: Bytes,
    at: int,
    end: int,
    wide: bool,
    names: Bytes,
    lengths: Places,
    table: Places,
    spans: Places,
    past: Places,
    made: Places,
) -> int:
    """Do as :func:`members` for a whole resource; a member that stands as it stood a line ago is not looked at again.

    ``past``: of each member of the line before from where it stands, the number of its name, and the span of its value;
    ``made``: the same of this line. Both end with a 0.
    """
    at = _first(data, at, end)
    if at <= 0:
        return -1
    turn = 0
    old = True
    while at > 0:
        old = old and past[turn, _STOP] > 0
        size = past[turn, _STOP] - past[turn, _FROM]
        same = old and at + size <= end
        if same:
            same = equal(data[at : at + size], data[past[turn, _FROM] : past[turn, _STOP]])
        if same:
            number, begin, stop = past[turn, _NUMBER], at + past[turn, _BEGIN] - past[turn, _FROM], at + size
            same = data[stop - 1] == 34 or data[stop - 1] == 125 or data[stop - 1] == 93  # a number may go on
        if not same:
            number, begin, stop = _member(data, at, end, wide, names, lengths, table)
        if stop < 0 or turn == MOST_MEMBERS or (number >= 0 and (number >= len(spans) or spans[number, 1])):
            return -1
        if number >= 0:
            spans[number, 0], spans[number, 1] = begin, stop
        made[turn, _FROM], made[turn, _NUMBER], made[turn, _BEGIN], made[turn, _STOP] = at, number, begin, stop
        turn += 1
        at = _next(data, stop, end)
    made[turn, _STOP] = 0
    return -at if at else -1
