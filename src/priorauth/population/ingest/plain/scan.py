"""One pass over the bytes of NDJSON, compiled: where the elements of each line stand, and which texts are the same.

The scanner reads a part of JSON only: a line that it does not understand from its first brace to its last is left to
the parser of the reader. It decodes nothing but dates and ids: of an element it gives the span, and a number for each
different text, so that the reader's own types decode each text once.
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

ELEMENTS = (
    "resourceType", "id", "status", "code", "subject", "effectiveDateTime", "valueQuantity", "component", "meta",
)  # fmt: skip
"""The elements that a plain observation may have, of those that the reader uses; their spans stand in this order."""
TYPE, ID, STATUS, CODE, SUBJECT, EFFECTIVE, VALUE, COMPONENT, META = range(9)
VERSION, UPDATED = 9, 10
"""The numbers of the elements of meta in the table of names; all that have a higher one are not plain."""
LONGEST_NAME = 48
SLOTS = 512
LONGEST_TEXT = 2_048
"""The longest text that is given a number."""
TEXTS = 1 << 14
MOST_TEXTS = TEXTS // 2
NOWHEN = -(1 << 30)
DAY, MINUTE, OF_DAY = range(3)
TYPE_TEXT = np.frombuffer(b'"Observation"', np.uint8)
_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365])
_EARLIEST, _LATEST = 1902, 2197  # years of which every day is one that a record can be of
_EPOCH = 719_163  # 1970-01-01


@compiled
def which(data: Bytes, at: int, end: int, names: Bytes, lengths: Places, table: Places) -> int:
    """Return the number of a name, -1 where it has none, -2 where it is written with escapes."""
    length = end - at
    mixed = length
    for place in range(at, end):
        if data[place] == 92:
            return -2
        mixed = (mixed * 31 + data[place]) & 0xFFFFFF
    slot = mixed % SLOTS
    while table[slot] >= 0:
        number = table[slot]
        if lengths[number] == length:
            same = True
            for place in range(length):
                same = same and names[number, place] == data[at + place]
            if same:
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
def _members(
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
    if at >= end or data[at] != 123:
        return -1
    at = space(data, at + 1, end)
    if at < end and data[at] == 125:
        return at + 1
    while at < end and data[at] == 34:
        start = at + 1
        at = string(data, start, end, wide)
        if at < 0:
            return -1
        number = which(data, start, at - 1, names, lengths, table)
        at = colon(data, at, end)
        if number < -1 or at < 0:
            return -1
        stop = value(data, at, end, wide)
        if stop < 0:
            return -1
        if number >= 0:
            number -= first
            if number >= len(spans) or (number >= 0 and spans[number, 1]):
                return -1
            if number >= 0:
                spans[number, 0], spans[number, 1] = at, stop
        at = space(data, stop, end)
        if at >= end:
            return -1
        if data[at] == 125:
            return at + 1
        if data[at] != 44:
            return -1
        at = space(data, at + 1, end)
    return -1


@compiled
def _two(data: Bytes, at: int) -> int:
    """Return a number of two digits, -1 where it is none."""
    if 48 <= data[at] <= 57 and 48 <= data[at + 1] <= 57:
        return int((data[at] - 48) * 10 + data[at + 1] - 48)
    return -1


@compiled
def _day(data: Bytes, at: int) -> int:
    """Return the number of a day written YYYY-MM-DD, -1 where it is none that a record can be of."""
    high, low, month, day = _two(data, at), _two(data, at + 2), _two(data, at + 5), _two(data, at + 8)
    year = high * 100 + low
    if high < 0 or low < 0 or day < 1 or data[at + 4] != 45 or data[at + 7] != 45:
        return -1
    if year < _EARLIEST or year > _LATEST or month < 1 or month > 12:
        return -1
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    longest = _BEFORE_MONTH[month + 1] - _BEFORE_MONTH[month] + (leap and month == 2)
    if day > longest:
        return -1
    before = year - 1
    years = before * 365 + before // 4 - before // 100 + before // 400
    return int(years + _BEFORE_MONTH[month] + (leap and month > 2) + day)


@compiled
def _when(data: Bytes, at: int, end: int, when: Places) -> bool:
    """Whether a string is a day, or a time to the second with its zone; gives day, minute (UTC) and local minute."""
    size = end - at - 2
    if size not in (10, 20, 25) or data[at] != 34:
        return False
    at += 1
    when[DAY], when[MINUTE], when[OF_DAY] = _day(data, at), NOWHEN, -1
    if when[DAY] < 0 or size == 10:
        return bool(when[DAY] > 0)
    hour, minute, second = _two(data, at + 11), _two(data, at + 14), _two(data, at + 17)
    if data[at + 10] != 84 or data[at + 13] != 58 or data[at + 16] != 58 or hour < 0 or minute < 0 or second < 0:
        return False
    if hour > 23 or minute > 59 or second > 59:
        return False
    ahead = 0
    if size == 20:
        if data[at + 19] != 90:
            return False
    else:
        hours, minutes = _two(data, at + 20), _two(data, at + 23)
        if hours < 0 or hours > 13 or minutes < 0 or minutes > 59 or data[at + 22] != 58:
            return False
        if data[at + 19] not in (43, 45):
            return False
        ahead = (hours * 60 + minutes) * (44 - data[at + 19])
    when[OF_DAY] = hour * 60 + minute
    when[MINUTE] = (when[DAY] - _EPOCH) * 1_440 + when[OF_DAY] - ahead
    return True


@compiled
def _is_id(data: Bytes, at: int, end: int) -> bool:
    """Whether a string is an id as FHIR has them."""
    if end - at < 3 or end - at > 66 or data[at] != 34:
        return False
    for place in range(at + 1, end - 1):
        byte = data[place]
        if not (48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte in (45, 46)):
            return False
    return True


@compiled
def scan(
    data: Bytes,
    ends: Places,
    wide: bool,
    names: Bytes,
    lengths: Places,
    table: Places,
    spans: Places,
    when: Places,
) -> Bytes:
    """Return of each line whether it may be plain, with the spans of its elements and when it was.

    ``ends``: the places of the ends of lines; ``spans``: (lines, elements, 2); ``when``: (lines, 3). Both begin as 0.
    """
    plain = np.zeros(len(ends), np.uint8)
    start = 0
    of_meta = np.zeros((2, 2), np.int64)
    for line in range(len(ends)):
        at, end, own = space(data, start, ends[line]), ends[line], spans[line]
        start = end + 1
        at = _members(data, at, end, wide, names, lengths, table, 0, own)
        if at < 0 or space(data, at, end) != end:
            continue
        at = own[TYPE, 0]
        if own[TYPE, 1] - at != len(TYPE_TEXT) or not np.all(data[at : own[TYPE, 1]] == TYPE_TEXT):
            continue
        if not _is_id(data, own[ID, 0], own[ID, 1]) or not _when(
            data, own[EFFECTIVE, 0], own[EFFECTIVE, 1], when[line]
        ):
            continue
        if own[META, 1]:
            of_meta[:] = 0
            at, end = own[META, 0], own[META, 1]
            if _members(data, at, end, wide, names, lengths, table, VERSION, of_meta) != end:
                continue
            if (of_meta[0, 1] and data[of_meta[0, 0]] != 34) or (of_meta[1, 1] and data[of_meta[1, 0]] != 34):
                continue
        plain[line] = 1
    return plain


@compiled
def numbered(data: Bytes, spans: Places, weights: NDArray[np.uint32], slots: Places, first: Places) -> Places:
    """Return a number for each different text of some spans, -1 of none; ``first``: a line of each text.

    Where there are more than are told apart, or one is too long, its number is -2.
    """
    found = np.empty(len(spans), np.int64)
    slots[:] = -1
    count = 0
    for line in range(len(spans)):
        at, length = spans[line, 0], spans[line, 1] - spans[line, 0]
        if length == 0 or length > LONGEST_TEXT:
            found[line] = -1 if length == 0 else -2
            continue
        mixed = np.uint32(length)
        for place in range(length):
            mixed += np.uint32(data[at + place]) * weights[place]
        slot = (mixed >> np.uint32(16)) % TEXTS
        found[line] = -2
        while found[line] == -2:
            number = slots[slot]
            if number < 0:
                if count == MOST_TEXTS:
                    break
                slots[slot] = found[line] = count
                first[count] = line
                count += 1
                break
            other = spans[first[number], 0]
            different = np.uint8(spans[first[number], 1] - other != length)
            if not different:
                for place in range(length):
                    different |= data[at + place] ^ data[other + place]
            if not different:
                found[line] = number
            slot = (slot + 1) % TEXTS
    return found


@compiled
def packed(data: Bytes, starts: Places, sizes: Places, out: Bytes) -> None:
    """Copy some stretches, one behind another."""
    to = 0
    for number in range(len(starts)):
        start, size = starts[number], sizes[number]
        out[to : to + size] = data[start : start + size]
        to += size


@compiled
def ids(data: Bytes, spans: Places, out: Bytes) -> None:
    """Copy the texts of some strings, without their quotes, each to a row of its own."""
    for line in range(len(spans)):
        start = spans[line, 0] + 1
        for place in range(spans[line, 1] - start - 1):
            out[line, place] = data[start + place]
