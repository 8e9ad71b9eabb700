"""A reject is a piece of input that could not be used: where it stands and why; it names files, places and ids only.

``byte`` counts in the uncompressed file from 0; ``line`` and ``entry`` from 1; ``row`` is one of Parquet, from 0.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import msgspec

from priorauth.population.ingest.sources import Source, opened

Place = Literal["byte", "entry", "row", "file"]
_BLOCK: Final = 1 << 20


class Reject(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """One reject: in which source (its number), where, and why; for a member as a whole, how many resources it had."""

    source: int
    at: int
    place: Place
    reason: str
    resource: str = ""
    member: str = ""
    resources: int = 0


def write(path: Path, found: Iterable[Reject], sources: tuple[Source, ...]) -> int:
    """Write rejects as NDJSON in the order of sources and places; gives how many there are."""
    listed = sorted(found)
    numbers = _lines(listed, sources)
    with path.open("wb") as file:
        for one in listed:
            file.write(msgspec.json.encode(_shown(one, sources, numbers)) + b"\n")
    return len(listed)


def _shown(one: Reject, sources: tuple[Source, ...], numbers: dict[tuple[int, int], int]) -> dict[str, object]:
    shown: dict[str, object] = {"file": sources[one.source].name}
    if one.place == "byte":
        shown |= {"line": numbers.get((one.source, one.at), 0), "byte": one.at}
    elif one.place == "entry":
        shown["entry"] = one.at + 1
    elif one.place == "row":
        shown["row"] = one.at
    shown["reason"] = one.reason
    for name in ("resource", "member", "resources"):
        if value := getattr(one, name):
            shown[name] = value
    return shown


def _lines(listed: list[Reject], sources: tuple[Source, ...]) -> dict[tuple[int, int], int]:
    """Count lines up to each reject: files are read in parts, so only then is the number of a line known."""
    wanted: dict[int, list[int]] = {}
    for one in listed:
        if one.place == "byte":
            wanted.setdefault(one.source, []).append(one.at)
    numbers: dict[tuple[int, int], int] = {}
    for source, places in wanted.items():
        for at, line in _counted(sources[source], sorted(set(places))):
            numbers[source, at] = line
    return numbers


def _counted(source: Source, places: list[int]) -> Iterable[tuple[int, int]]:
    at, line = 0, 1
    waiting = list(reversed(places))
    try:
        with opened(source) as file:
            while waiting and (data := file.read(min(_BLOCK, max(waiting[-1] - at, 1)))):
                while waiting and waiting[-1] <= at:
                    yield waiting.pop(), line
                line += data.count(b"\n")
                at += len(data)
    except (OSError, EOFError, zlib.error):
        pass  # the damaged end of a file: lines after it have a byte, and no number
    while waiting:
        yield waiting.pop(), line
