"""Which lines are plain: self-tests of a meter that hold nothing but what every one of them holds.

What an element means is asked of the reader's own types and tables, once for each different text of it. A line is plain
where all its elements are; what it says stands in one row of :data:`PLAIN` then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from priorauth.facts import vocabulary
from priorauth.fhir import counts
from priorauth.fhir.elements import NamedConcept, Quantity, Reference
from priorauth.fhir.structs import Component, Observation
from priorauth.glucose.readings import METER
from priorauth.population.ingest.heads import KEY_BITS, Head, key
from priorauth.record.codes import CodeTables, compiled
from priorauth.record.quantities import Scales, scales
from priorauth.record.readers.observations import FINAL, marks
from priorauth.values import units

PLAIN: Final = np.dtype(
    [
        *(("key", "<u8"), ("who", "<u8"), ("source", "<u4"), ("at", "<u8"), ("start", "<u8"), ("size", "<u4")),
        *(("day", "<i4"), ("minute", "<i4"), ("of_day", "<i2"), ("value", "<i4"), ("flags", "<u1"), ("void", "?")),
        ("id", "S64"),
    ]
)
"""A plain reading: whose (the key of the patient's id, and a second hash of it), from where, where its text is kept.

``minute`` and ``of_day`` as in :class:`priorauth.values.dates.When`, NOWHEN and -1 where only the day is known;
``void``: of no account, as it was entered in error or is no test of the member.
"""
NOWHEN: Final = -(1 << 30)
"""The minute of a test of which only the day is known."""
_ID: Final = re.compile(r"Patient/([A-Za-z0-9.\-]{1,64})")
_REMEMBERED: Final = 50_000
_SEED: Final = 18
_REFUSED: Final = -1
_VOID: Final = -2
_MOST: Final = 2**31 - 1

Meant = tuple[int, ...]


class Whose(NamedTuple):
    """A patient's id as two hashes: the key by which members are sorted, and a second one."""

    key: int
    who: int


def whose(patient: str) -> Whose:
    """Return the hashes of a patient's id."""
    size = KEY_BITS // 8
    second = blake2b(patient.encode(), digest_size=size, person=b"plain").digest()
    return Whose(key(patient), int.from_bytes(second, "big"))


class Sifted(NamedTuple):
    """Of a block: its plain readings, their texts one after another, and which lines are left, by start and end."""

    rows: npt.NDArray[np.void]
    texts: npt.NDArray[np.uint8]
    starts: list[int]
    ends: list[int]


class Sieve:
    """Takes the plain readings out of blocks of lines."""

    def __init__(self, codes: CodeTables, scale: Scales) -> None:
        """Take what codes and units mean; loads the compiled scanner."""
        from priorauth.population.ingest.plain import scan

        self._scan = scan
        self._codes, self._scales = codes, scale
        self._memory: dict[tuple[int, bytes], Meant] = {}
        self._slots = np.empty(scan.TEXTS, np.int64)
        self._names, self._lengths, self._table = _names(scan)
        self._weights = np.random.default_rng(_SEED).integers(0, 2**32, scan.LONGEST_TEXT, dtype=np.uint32)
        self._asks: dict[int, Callable[[bytes], Meant]] = {
            scan.STATUS: _status, scan.CODE: self._code, scan.SUBJECT: _subject, scan.VALUE: self._value,
            scan.COMPONENT: _component,
        }  # fmt: skip

    def block(self, source: int, begin: int, text: bytes) -> Sifted:
        """Sift a block of whole lines that begins at a byte of its source."""
        scan = self._scan
        data = np.frombuffer(text, np.uint8)
        ends = np.flatnonzero(data == ord("\n"))
        if not len(ends) or ends[-1] != len(data) - 1:
            ends = np.append(ends, len(data))
        starts = np.append(0, ends[:-1] + 1)
        spans = np.zeros((len(ends), len(scan.ELEMENTS), 2), np.int64)
        when = np.zeros((len(ends), 3), np.int64)
        wide = _is_text(text)
        found = scan.scan(data, ends, wide, self._names, self._lengths, self._table, spans, when)
        lines = np.flatnonzero(found)
        meant = {element: self._meant(element, data, spans[lines, element]) for element in self._asks}
        plain = np.ones(len(lines), bool)
        for values in meant.values():
            plain &= values[:, 0] != _REFUSED
        lines = lines[plain]
        rows = np.zeros(len(lines), PLAIN)
        rows["source"], rows["at"] = source, begin + starts[lines]
        rows["size"] = ends[lines] - starts[lines]
        rows["day"], rows["minute"], rows["of_day"] = when[lines].T
        rows["key"], rows["who"] = meant[scan.SUBJECT][plain, 1:].view(np.uint64).T
        rows["value"] = meant[scan.VALUE][plain, 0]
        marked = meant[scan.COMPONENT][plain, 0]
        rows["void"] = (meant[scan.STATUS][plain, 0] == _VOID) | (marked == _VOID)
        rows["flags"] = np.maximum(marked, 0)
        ids = np.zeros((len(lines), 64), np.uint8)
        scan.ids(data, spans[lines, scan.ID], ids)
        rows["id"] = ids.view("S64")[:, 0]
        texts = np.empty(int(rows["size"].sum()), np.uint8)
        scan.packed(data, starts[lines], ends[lines] - starts[lines], texts)
        left = np.ones(len(ends), bool)
        left[lines] = False
        return Sifted(rows, texts, starts[left].tolist(), ends[left].tolist())

    def _meant(self, element: int, data: npt.NDArray[np.uint8], spans: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return what an element of each line means; the first number of a row is _REFUSED where it is not plain."""
        scan = self._scan
        first = np.zeros(scan.MOST_TEXTS, np.int64)
        numbers = scan.numbered(data, spans, self._weights, self._slots, first)
        count = int(numbers.max(initial=-1)) + 1
        made = np.full((count + 2, 3), _REFUSED, np.int64)
        for number, line in enumerate(first[:count].tolist()):
            begin, end = spans[line].tolist()
            made[number] = self._asked(element, data[begin:end].tobytes())
        if element == scan.COMPONENT:
            made[-1] = 0  # of none
        every: npt.NDArray[np.int64] = made[numbers]
        return every

    def _asked(self, element: int, text: bytes) -> Meant:
        """Return what a text means, as it was found when it was met first."""
        found = self._memory.get((element, text))
        if found is None:
            try:
                found = self._asks[element](text)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                found = _REFUSED, 0, 0
            if len(self._memory) < _REMEMBERED:
                self._memory[element, text] = found
        return found

    def _code(self, text: bytes) -> Meant:
        """Only a code of self-tests by a meter, and of nothing else, is plain."""
        hits = self._codes.hits(_CODE.decode(text))
        return (1 if hits.facts == (METER,) else _REFUSED), 0, 0

    def _value(self, text: bytes) -> Meant:
        """Return the whole multiples of the fact's resolution of a number that is known on both sides."""
        amount = self._scales.amount(METER, _QUANTITY.decode(text))
        known = amount.fault is None and amount.low is not None and amount.low == amount.high
        return (amount.low if known and 0 <= (amount.low or 0) <= _MOST else _REFUSED) or 0, 0, 0


def _status(text: bytes) -> Meant:
    """Say whether a test counts, or is out; of all between, the reader has to see more."""
    status = _TEXT.decode(text)
    if status in FINAL:
        return 1, 0, 0
    return (_VOID if status in _OUT else _REFUSED), 0, 0


def _subject(text: bytes) -> Meant:
    """Return the hashes of the patient, who is named by type and id and in no other way."""
    reference = _REFERENCE.decode(text)
    found = _ID.fullmatch(reference.reference)
    if found is None or reference.identifier is not None:
        return _REFUSED, 0, 0
    return 1, *(number - (number >> 63 << 64) for number in whose(found[1]))  # as NumPy holds them, with a sign


def _component(text: bytes) -> Meant:
    """Return the flags of what is said of the meal."""
    components = _COMPONENTS.decode(text)
    if any(one.modifier_extension for one in components):
        return _REFUSED, 0, 0
    found = marks(components)
    return (_VOID if found is None else found), 0, 0


def _names(scan: Any) -> tuple[Any, Any, Any]:  # noqa: ANN401  # the compiled module, and arrays
    """Return the table of the names of elements: those that may stand, and those that the reader uses beside them."""
    used = {each.encode_name for kind in (Observation, Head) for each in msgspec.structs.fields(kind)}
    listed = [*scan.ELEMENTS, "versionId", "lastUpdated", *sorted(used - set(scan.ELEMENTS))]
    names = np.zeros((len(listed), scan.LONGEST_NAME), np.uint8)
    for number, name in enumerate(listed):
        names[number, : len(name)] = np.frombuffer(name.encode(), np.uint8)
    lengths, table = np.array([*map(len, listed)]), np.full(scan.SLOTS, -1)
    scan.named(names, lengths, table)
    return names, lengths, table


def _is_text(data: bytes) -> bool:
    """Whether some bytes are UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


_TEXT: Final = msgspec.json.Decoder(str)
_CODE: Final = msgspec.json.Decoder(NamedConcept)
_REFERENCE: Final = msgspec.json.Decoder(Reference)
_QUANTITY: Final = msgspec.json.Decoder(Quantity)
_COMPONENTS: Final = msgspec.json.Decoder(tuple[Component, ...])
_OUT: Final = frozenset[str]().union(*(one.out for one in counts.STATUSES["Observation"] if one.element == "status"))


def able() -> bool:
    """Whether the compiled scanner can be had (the extra ``fast``)."""
    return find_spec("numba") is not None


@lru_cache(maxsize=1)
def sieve() -> Sieve:
    """Return the sieve of this process."""
    known = vocabulary.load()
    return Sieve(compiled(known), scales(known, units.load()))
