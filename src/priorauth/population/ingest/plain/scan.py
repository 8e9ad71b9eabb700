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
from priorauth.population.ingest.plain.objects import MOST_MEMBERS, Places, equal, members, whole
from priorauth.population.ingest.plain.syntax import Bytes, space

OBSERVATION = (
    "resourceType", "id", "status", "code", "subject", "effectiveDateTime", "valueQuantity", "component", "meta",
    "issued", "interpretation", "referenceRange",
)  # fmt: skip
"""The elements that a plain observation may have, of those that the reader uses; their spans stand in this order."""
VISIT = (
    "resourceType", "id", "status", "class", "subject", "period", "participant", "serviceProvider", "meta", "type",
)  # fmt: skip
"""Those of a plain encounter."""
TYPE, ID, STATUS, CODE, SUBJECT, EFFECTIVE, VALUE, COMPONENT, META = range(9)
ISSUED, INTERPRETATION, RANGE = 9, 10, 11
CLASS, PERIOD, PARTICIPANT, PROVIDER, KIND = 3, 5, 6, 7, 9
WITHIN = ("versionId", "lastUpdated", "start", "end")
"""Elements of meta, then of a period: their numbers in the table of names come after those of the resource. Elements
that have a higher one are not plain."""
LONGEST_TEXT = 2_048
"""The longest text that is given a number."""
TEXTS = 1 << 14
MOST_TEXTS = TEXTS // 2
NOWHEN = -(1 << 30)
DAY, MINUTE, OF_DAY = range(3)
_SHARED = tuple(
    np.frombuffer(name, np.uint8) for name in (b"Organization", b"Practitioner", b"PractitionerRole", b"Medication")
)
"""The types that belong to nobody and may be referred to."""
_BEFORE_MONTH = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365])
_EARLIEST, _LATEST = 1902, 2197  # years of which every day is one that a record can be of
_EPOCH = 719_163  # 1970-01-01


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
def _is(data: Bytes, begin: int, end: int, text: Bytes) -> bool:
    """Whether a stretch is a text."""
    return end - begin == len(text) and equal(data[begin:end], text)


@compiled
def _refers(data: Bytes, begin: int, end: int) -> bool:
    """Whether a stretch may refer to something that belongs to nobody."""
    for place in range(begin, end):
        if data[place] == 47:
            for name in _SHARED:
                if place - len(name) >= begin and _is(data, place - len(name), place, name):
                    return True
    return False


@compiled
def _refers_beside(data: Bytes, begin: int, end: int, own: Places) -> bool:
    """Whether an encounter may refer to something that belongs to nobody elsewhere than where one does."""
    one, two = own[PARTICIPANT], own[PROVIDER]
    if one[0] > two[0]:
        one, two = two, one
    return (
        _refers(data, begin, one[0] if one[1] else begin)
        or _refers(data, max(begin, one[1]), two[0] if two[1] else max(begin, one[1]))
        or _refers(data, max(begin, one[1], two[1]), end)
    )


@compiled
def _is_period(data: Bytes, when: Places, ends: Places) -> bool:
    """Whether what a period says of its start and its end can be read, and the end is not before the start."""
    first, last = -1, -1
    if ends[0, 1]:
        if not _when(data, ends[0, 0], ends[0, 1], when):
            return False
        first = when[DAY]
    if ends[1, 1]:
        if not _when(data, ends[1, 0], ends[1, 1], when):
            return False
        last = when[DAY]
    return bool(first < 0 or last < 0 or first <= last)


@compiled
def scan(
    data: Bytes,
    starts: Places,
    ends: Places,
    wide: bool,
    kind: Bytes,
    visit: bool,
    names: Bytes,
    lengths: Places,
    table: Places,
    spans: Places,
    when: Places,
) -> Bytes:
    """Return of each line whether it may be plain, with the spans of its elements and when it was.

    ``starts``, ``ends``: where lines stand; ``kind``: the type as JSON; ``visit``: whether it is that of encounters;
    ``spans``: (lines, elements, 2); ``when``: (lines, 3). These two begin as 0.
    """
    plain = np.zeros(len(ends), np.uint8)
    inner = np.zeros((2, 2), np.int64)
    past, made = np.zeros((MOST_MEMBERS + 1, 4), np.int64), np.zeros((MOST_MEMBERS + 1, 4), np.int64)
    for line in range(len(ends)):
        begin, end, own = space(data, starts[line], ends[line]), ends[line], spans[line]
        at = whole(data, begin, end, wide, names, lengths, table, own, past, made)
        if at < 0 or space(data, at, end) != end:
            continue
        past, made = made, past
        if not _is(data, own[TYPE, 0], own[TYPE, 1], kind) or not _is_id(data, own[ID, 0], own[ID, 1]):
            continue
        if own[META, 1]:
            inner[:] = 0
            if members(data, own[META, 0], end, wide, names, lengths, table, len(own), inner) != own[META, 1]:
                continue
            if (inner[0, 1] and data[inner[0, 0]] != 34) or (inner[1, 1] and data[inner[1, 0]] != 34):
                continue
        if not visit:
            if not _when(data, own[EFFECTIVE, 0], own[EFFECTIVE, 1], when[line]):
                continue
            if own[ISSUED, 1] and data[own[ISSUED, 0]] != 34:
                continue
        else:
            if own[PERIOD, 1]:
                inner[:] = 0
                at = members(data, own[PERIOD, 0], end, wide, names, lengths, table, len(own) + 2, inner)
                if at != own[PERIOD, 1] or not _is_period(data, when[line], inner):
                    continue
            if _refers_beside(data, begin, end, own):
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
        text = data[at : at + length]
        for place in range(length):
            mixed += np.uint32(text[place]) * weights[place]
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
            if spans[first[number], 1] - other == length and equal(text, data[other : other + length]):
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
