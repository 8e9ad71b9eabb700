"""A line is a JSON text of fixed width with slots: many resources of one shape are written as matrices of bytes.

``<<name:width>>`` in a string of the shape is a slot for so many characters. A whole string ``<<!name:width>>`` is a
slot for a JSON token (with its quotes, where it has some), and a key ``<<?name:width>>`` one for a member that may be
missing, with its comma: both are padded with spaces, which JSON allows between tokens. Nothing here knows FHIR.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int64]

_SLOT: Final = re.compile(rb'"<<(?:!(\w+):(\d+)>>"|\?(\w+):(\d+)>>":0,)|<<(\w+):(\d+)>>')
SPACE: Final = 32
BLOCK: Final = 2_048
_ZERO: Final = 48
_BASE: Final = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """The bytes of a line, newline included, and where each slot stands; a name may stand in several places."""

    base: Bytes
    slots: Mapping[str, tuple[tuple[int, int], ...]]

    def fill(self, count: int, **columns: Bytes) -> Lines:
        """Return ``count`` lines; each column is one row of bytes a line, as wide as its slot."""
        return Lines(self, count, columns)


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of one shape, written block by block, so that a block stays in the processor's cache."""

    shape: Shape
    count: int
    columns: Mapping[str, Bytes]

    def __len__(self) -> int:
        """Count the lines."""
        return self.count

    @property
    def size(self) -> int:
        """How many bytes they are."""
        return self.count * len(self.shape.base)

    def blocks(self) -> Iterator[memoryview]:
        """Yield the bytes; a block holds only until the next one is asked for."""
        lines = np.empty((min(self.count, BLOCK), len(self.shape.base)), dtype=np.uint8)
        lines[:] = self.shape.base
        for first in range(0, self.count, BLOCK):
            block = lines[: min(BLOCK, self.count - first)]
            for name, places in self.shape.slots.items():
                column = self.columns[name][first : first + BLOCK]
                for start, end in places:
                    block[:, start:end] = column
            yield block.reshape(-1).data

    def repeated(self, times: Whole) -> Lines:
        """Return each line so many times."""
        place = np.repeat(np.arange(self.count), times)
        return Lines(self.shape, len(place), {name: column[place] for name, column in self.columns.items()})


def shape(resource: Mapping[str, Any]) -> Shape:
    """Compile a resource with slots."""
    text = msgspec.json.encode(resource) + b"\n"
    base = bytearray()
    slots: dict[str, list[tuple[int, int]]] = {}
    at = 0
    for found in _SLOT.finditer(text):
        base += text[at : found.start()]
        name, width = (group for group in found.groups() if group is not None)
        slots.setdefault(name.decode(), []).append((len(base), len(base) + int(width)))
        base += b" " * int(width)
        at = found.end()
    base += text[at:]
    return Shape(np.frombuffer(bytes(base), dtype=np.uint8), {name: tuple(places) for name, places in slots.items()})


def tokens(texts: Sequence[str], width: int) -> Bytes:
    """Return a table of texts, one a row, padded with spaces on the right."""
    table = np.full((len(texts), width), SPACE, dtype=np.uint8)
    for row, text in enumerate(texts):
        data = text.encode()
        if len(data) > width:
            raise ValueError(f"expected at most {width} bytes, found {text!r}")
        table[row, : len(data)] = np.frombuffer(data, dtype=np.uint8)
    return table


def quoted(texts: Sequence[str], width: int) -> Bytes:
    """Return a table of texts as JSON strings."""
    return tokens([msgspec.json.encode(text).decode() for text in texts], width)


def digits(numbers: Whole, width: int) -> Bytes:
    """Write whole numbers with leading zeros."""
    found = np.empty((len(numbers), width), dtype=np.uint8)
    rest = numbers
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, _BASE)
        found[:, place] = digit + _ZERO
    return found


def joined(*parts: Bytes | str) -> Bytes:
    """Put columns beside each other; a text is the same in every row."""
    count = next(len(part) for part in parts if not isinstance(part, str))
    made = [
        np.broadcast_to(np.frombuffer(part.encode(), dtype=np.uint8), (count, len(part)))
        if isinstance(part, str)
        else part
        for part in parts
    ]
    return np.concatenate(made, axis=1)


def present(column: Bytes, mask: npt.NDArray[np.bool_]) -> Bytes:
    """Blank the rows that are not there."""
    return np.where(mask[:, None], column, np.uint8(SPACE))
