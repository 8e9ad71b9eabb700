"""Which lines are plain: self-tests of a meter, laboratory results and visits that hold nothing but what is usual.

What an element means is asked of the reader's own types and tables (:mod:`meanings`), once for each different text of
it. A line is plain where all its elements are; what it says stands in one row of :data:`PLAIN` then.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from priorauth.facts import vocabulary
from priorauth.fhir.elements import Resource
from priorauth.fhir.structs import Encounter, Observation
from priorauth.population.ingest.heads import Head
from priorauth.population.ingest.plain.meanings import OF_METER, REFUSED, VOID, Meanings
from priorauth.population.ingest.plain.rows import IN_SOURCE, PLAIN, RESULT, TEST, VISIT
from priorauth.record.codes import CodeTables, compiled
from priorauth.record.quantities import Scales, scales
from priorauth.values import units

_SEED: Final = 18

Numbers = npt.NDArray[Any]


class Sifted(NamedTuple):
    """Of a block: its plain rows, their texts one after another if wanted, and the lines left, by start and end."""

    rows: npt.NDArray[np.void]
    texts: npt.NDArray[np.uint8]
    starts: list[int]
    ends: list[int]


class Form(NamedTuple):
    """A type of which some resources are plain: its name as JSON, its elements, and the table of their names."""

    text: bytes
    elements: tuple[str, ...]
    visit: bool
    names: Numbers
    lengths: Numbers
    table: Numbers


class _Lines(NamedTuple):
    """Lines of a block, the spans of their elements, and when they were."""

    data: npt.NDArray[np.uint8]
    spans: Numbers
    when: Numbers


class Sieve:
    """Takes what is plain out of blocks of lines."""

    def __init__(self, codes: CodeTables, scale: Scales) -> None:
        """Take what codes and units mean; loads the compiled scanner."""
        from priorauth.population.ingest.plain import scan

        self._scan = scan
        self.meanings = Meanings(codes, scale)
        self._slots = np.empty(scan.TEXTS, np.int64)
        self.forms = (form(Observation, scan.OBSERVATION), form(Encounter, scan.VISIT))
        self._weights = np.random.default_rng(_SEED).integers(0, 2**32, scan.LONGEST_TEXT, dtype=np.uint32)

    def block(self, source: int, begin: int, text: bytes, *, texts: bool = True) -> Sifted:
        """Sift a block of whole lines that begins at a byte of its source; ``texts``: also give those of plain rows."""
        data = np.frombuffer(text, np.uint8)
        ends = np.flatnonzero(data == ord("\n"))
        if not len(ends) or ends[-1] != len(data) - 1:
            ends = np.append(ends, len(data))
        starts = np.append(0, ends[:-1] + 1)
        wide = _is_text(text)
        left = np.ones(len(ends), bool)
        rows, lines = list[npt.NDArray[np.void]](), list[Numbers]()
        for one in self.forms:
            if one.text in text:
                waiting = np.flatnonzero(left)
                found, chosen = self._sifted(one, data, (starts[waiting], ends[waiting]), wide=wide)
                rows.append(found)
                lines.append(waiting[chosen])
                left[lines[-1]] = False
        every, places = _by_place([one for one in rows if len(one)], [one for one in lines if len(one)])
        every["source"], every["at"] = source, begin + starts[places]
        sizes = ends[places] - starts[places]
        every["size"] = sizes
        made = np.empty(int(sizes.sum()) if texts else 0, np.uint8)
        if texts:
            self._scan.packed(data, starts[places], sizes, made)
        else:
            every["start"] = IN_SOURCE
        return Sifted(every, made, starts[left].tolist(), ends[left].tolist())

    def _sifted(
        self, one: Form, data: npt.NDArray[np.uint8], stretches: tuple[Numbers, Numbers], *, wide: bool
    ) -> tuple[npt.NDArray[np.void], Numbers]:
        """Return the rows of the lines that are plain resources of a type, and which lines those are."""
        starts, ends = stretches
        spans, when = np.zeros((len(ends), len(one.elements), 2), np.int64), np.zeros((len(ends), 3), np.int64)
        kind = np.frombuffer(one.text, np.uint8)
        found = self._scan.scan(
            data, starts, ends, wide, kind, one.visit, one.names, one.lengths, one.table, spans, when
        )
        lines = np.flatnonzero(found)
        given = _Lines(data, spans[lines], when[lines])
        rows, plain = self._visits(given) if one.visit else self._tests(given)
        rows, lines = rows[plain], lines[plain]
        ids = np.zeros((len(lines), 64), np.uint8)
        self._scan.ids(data, given.spans[plain, self._scan.ID], ids)
        rows["id"] = ids.view("S64")[:, 0]
        return rows, lines

    def _tests(self, given: _Lines) -> tuple[npt.NDArray[np.void], Numbers]:
        """Return the rows of observations, and which are plain: self-tests, and results that stand for themselves."""
        scan = self._scan
        status, code = self._meant("status", given, scan.STATUS), self._meant("code", given, scan.CODE)[:, 0]
        marked = self._meant("component", given, scan.COMPONENT, none=0)[:, 0]
        rows, plain = self._rows(given, (status[:, 0], code, marked))
        plain &= (code == OF_METER) | (given.spans[:, scan.COMPONENT, 1] == 0)
        for name, element in (("interpretation", scan.INTERPRETATION), ("range", scan.RANGE)):
            if given.spans[:, element, 1].any():
                plain &= self._meant(name, given, element, none=0)[:, 0] != REFUSED
        numbers, first = self._numbered(given, scan.VALUE)
        for one in np.unique(code[plain]).tolist():
            own = plain & (code == one)
            value = self._asked("value", given.data, given.spans[first, scan.VALUE], numbers[own], fact=one)[:, 0]
            rows["value"][own], plain[own] = value, value != REFUSED
            rows["fact"][own], rows["kind"][own] = self.meanings.fact(one), TEST if one == OF_METER else RESULT
        rows["day"], rows["minute"], rows["of_day"] = given.when.T
        rows["void"] = (status[:, 0] == VOID) | (marked == VOID)
        rows["flags"] = np.maximum(marked, 0)
        return rows, plain

    def _visits(self, given: _Lines) -> tuple[npt.NDArray[np.void], Numbers]:
        """Return the rows of encounters, and which are plain: they show nothing but that they were."""
        scan = self._scan
        status = self._meant("visit", given, scan.STATUS)[:, 0]
        kind = self._meant("class", given, scan.CLASS, none=0)[:, 0]
        types = self._meant("type", given, scan.KIND, none=0)[:, 0]
        one = self._meant("participant", given, scan.PARTICIPANT, none=0)[:, 0]
        two = self._meant("provider", given, scan.PROVIDER, none=0)[:, 0]
        rows, plain = self._rows(given, (status, kind, types, one, two))
        rows["kind"], rows["one"], rows["two"] = VISIT, np.maximum(one, 0), np.maximum(two, 0)
        return rows, plain

    def _rows(self, given: _Lines, meant: tuple[Numbers, ...]) -> tuple[npt.NDArray[np.void], Numbers]:
        """Return rows that say whose they are, and which lines have no element that is not plain."""
        subject = self._meant("subject", given, self._scan.SUBJECT)
        rows = np.zeros(len(given.spans), PLAIN)
        rows["key"], rows["who"] = subject[:, 1:].view(np.uint64).T
        plain = subject[:, 0] != REFUSED
        for values in meant:
            plain &= values != REFUSED
        return rows, plain

    def _numbered(self, given: _Lines, element: int) -> tuple[Numbers, Numbers]:
        """Return a number for each different text of an element, and a line of each."""
        first = np.zeros(self._scan.MOST_TEXTS, np.int64)
        numbers = self._scan.numbered(given.data, given.spans[:, element], self._weights, self._slots, first)
        return numbers, first[: int(numbers.max(initial=-1)) + 1]

    def _meant(self, name: str, given: _Lines, element: int, none: int = REFUSED) -> Numbers:
        """Return what an element of each line means, REFUSED where it is not plain; ``none``: where there is none."""
        numbers, first = self._numbered(given, element)
        return self._asked(name, given.data, given.spans[first, element], numbers, none=none)

    def _asked(  # noqa: PLR0913  # the texts, and what is asked of them
        self,
        name: str,
        data: npt.NDArray[np.uint8],
        spans: Numbers,
        numbers: Numbers,
        *,
        none: int = REFUSED,
        fact: int = 0,
    ) -> Numbers:
        """Return what texts mean, by their numbers."""
        made = np.full((len(spans) + 2, 3), REFUSED, np.int64)
        made[-1, 0] = none
        wanted = range(len(spans)) if not fact else np.unique(numbers[numbers >= 0]).tolist()
        for number in wanted:
            begin, end = spans[number].tolist()
            made[number] = self.meanings.of(name, data[begin:end].tobytes(), fact)
        every: Numbers = made[numbers]
        return every


def form(kind: type[Resource], elements: tuple[str, ...]) -> Form:
    """Return the form of a type: the names of the elements that may stand, and of those that the reader uses beside."""
    from priorauth.population.ingest.plain import objects, scan

    visit = kind is Encounter
    within = scan.WITHIN if visit else scan.WITHIN[:2]
    used = {each.encode_name for one in (kind, Head) for each in msgspec.structs.fields(one)}
    listed = [*elements, *within, *sorted(used - set(elements))]
    names = np.zeros((len(listed), objects.LONGEST_NAME), np.uint8)
    for number, name in enumerate(listed):
        names[number, : len(name)] = np.frombuffer(name.encode(), np.uint8)
    lengths, table = np.array([*map(len, listed)]), np.full(objects.SLOTS, -1)
    objects.named(names, lengths, table)
    return Form(f'"{kind.__name__}"'.encode(), elements, visit, names, lengths, table)


def _by_place(rows: list[npt.NDArray[np.void]], lines: list[Numbers]) -> tuple[npt.NDArray[np.void], Numbers]:
    """Return the rows of all types, and their lines, in the order of the lines."""
    if len(rows) == 1:
        return rows[0], lines[0]
    if not rows:
        return np.empty(0, PLAIN), np.empty(0, np.int64)
    places = np.concatenate(lines)
    order = np.argsort(places, kind="stable")
    return np.concatenate(rows)[order], places[order]


def _is_text(data: bytes) -> bool:
    """Whether some bytes are UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def able() -> bool:
    """Whether the compiled scanner can be had (the extra ``fast``)."""
    return find_spec("numba") is not None


@lru_cache(maxsize=1)
def sieve() -> Sieve:
    """Return the sieve of this process."""
    known = vocabulary.load()
    return Sieve(compiled(known), scales(known, units.load()))
