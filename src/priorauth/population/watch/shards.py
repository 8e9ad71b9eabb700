"""The sorted resources of all days, and what finds the members that a day touches.

Beside the data and the index of each shard (:mod:`..ingest.shard`) stand two tables of pairs, sorted: ``<n>.names``,
the hash of type and id of each resource with the key of its member, for a deletion says no more; and ``<n>.refs``, the
hash of each name of something shared that a member's resources mention, with that member's key.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from priorauth.population.folder import OWN_NAME
from priorauth.population.ingest import heads
from priorauth.population.ingest.deleted import key as hashed
from priorauth.population.ingest.heads import Entry, Head
from priorauth.population.ingest.shard import DELETION, KEPT, ROW, Done, Index, committed, committing
from priorauth.population.ingest.shared import mentions

Keys = npt.NDArray[np.uint64]
PAIR: Final = np.dtype([("name", "<u8"), ("key", "<u8")])
NAMES: Final = "names"
REFS: Final = "refs"
_PLAIN: Final = (f"{KEPT[1:]}.data", KEPT[1:])
"""Of readings that were sifted out; a watch sifts none, so these are empty."""
_PARTS: Final = ("data", "index", *_PLAIN, "deleted", "json", NAMES, REFS)
_AT_ONCE: Final = 4_000
SMALL: Final = 32_000_000
"""A shard of fewer bytes is small."""
MOST_SMALL: Final = 24
"""So many small shards may stand side by side; then they are put together."""
_ENTRY: Final = msgspec.json.Decoder(Entry)


def index(folder: Path, number: int) -> Index:
    """Return the index of a shard."""
    found: Index = _mapped(folder / f"{number}.index", ROW)
    return found


def _mapped(path: Path, kind: np.dtype[Any]) -> Any:  # noqa: ANN401  # an array of that kind
    return np.memmap(path, dtype=kind, mode="r") if path.stat().st_size else np.empty(0, dtype=kind)


def is_whole(folder: Path, number: int) -> bool:
    """Whether a shard stands there with all that belongs to it."""
    return (folder / f"{number}.{REFS}").exists()


def look_up(folder: Path, number: int) -> None:
    """Write the two tables of a shard that is there already; with the second of them it is whole."""
    rows = np.array(index(folder, number))
    data = (folder / f"{number}.data").read_bytes()
    named = np.fromiter(_named(rows, data), dtype=np.uint64, count=len(rows))
    committed(folder / f"{number}.{NAMES}", _pairs(named, rows["key"]).tobytes())
    ends = (rows["start"] + rows["size"]).astype(np.int64)
    memory: dict[bytes, int] = {}
    found: list[int] = []
    places: list[int] = []
    for place, name in mentions(data):
        if name not in memory:
            memory[name] = hash_of(name)
        found.append(memory[name])
        places.append(place)
    whose = rows["key"][np.searchsorted(ends, np.array(places, dtype=np.int64), side="right")]
    committed(folder / f"{number}.{REFS}", _pairs(np.array(found, dtype=np.uint64), whose).tobytes())


def hash_of(name: bytes) -> int:
    """Return the hash of a name as it is mentioned: ``Type/id``, or a ``urn:``."""
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big")


def _pairs(names: Keys, keys: Keys) -> npt.NDArray[np.void]:
    """Return pairs in order, each once."""
    order = np.lexsort((keys, names))
    made = np.empty(len(order), dtype=PAIR)
    made["name"], made["key"] = names[order], keys[order]
    again = (made["name"][1:] == made["name"][:-1]) & (made["key"][1:] == made["key"][:-1])
    kept: npt.NDArray[np.void] = made[np.concatenate([np.ones(min(1, len(made)), dtype=bool), ~again])]
    return kept


def _named(rows: Index, data: bytes) -> Iterator[int]:
    """Yield the hash of type and id of each resource."""
    starts, sizes, entries = rows["start"].tolist(), rows["size"].tolist(), rows["entry"].tolist()
    for first in range(0, len(starts), _AT_ONCE):
        group = slice(first, first + _AT_ONCE)
        texts = [data[start : start + size] for start, size in zip(starts[group], sizes[group], strict=True)]
        if any(entries[group]):
            for text, is_entry in zip(texts, entries[group], strict=True):
                yield _name_of_entry(text) if is_entry else _name_of(text)
            continue
        try:
            found = heads.HEADS.decode(b"[" + b",".join(texts) + b"]")
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            yield from map(_name_of, texts)
        else:
            yield from (hashed(head.resourceType, head.id) for head in found)


def _name_of(text: bytes | msgspec.Raw, url: str = "") -> int:
    head = heads.decoded(heads.HEAD, text)
    found = head if isinstance(head, Head) else Head()
    return hashed(found.resourceType, found.id or url.rpartition(":")[2].rpartition("/")[2])


def _name_of_entry(text: bytes) -> int:
    entry = _ENTRY.decode(text)
    return _name_of(entry.resource, entry.fullUrl)


def keys(folder: Path, numbers: Iterable[int]) -> Keys:
    """Return the keys of all members of some shards, each once."""
    return _once([np.unique(index(folder, number)["key"]) for number in numbers])


def keys_of(folder: Path, numbers: Iterable[int], part: str, names: Keys) -> Keys:
    """Return the keys of the members of some shards that stand beside one of the names in a table of pairs."""
    if not len(names):
        return np.empty(0, dtype=np.uint64)
    found = []
    for number in numbers:
        pairs = _mapped(folder / f"{number}.{part}", PAIR)
        found.append(pairs["key"][_spans(np.ascontiguousarray(pairs["name"]), names)])
    return _once(found)


def _once(parts: Sequence[Keys]) -> Keys:
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint64)


def _spans(column: Keys, wanted: Keys) -> npt.NDArray[np.int64]:
    """Return the places of a sorted column that hold one of the values wanted, in their order."""
    firsts, lasts = (np.searchsorted(column, wanted, side=side) for side in ("left", "right"))
    counts = lasts - firsts
    before = np.cumsum(counts) - counts
    places: npt.NDArray[np.int64] = np.arange(int(counts.sum())) + np.repeat(firsts - before, counts)
    return places


def done(folder: Path, numbers: Iterable[int]) -> list[Done]:
    """Return what the first pass found, shard by shard."""
    decoder = msgspec.json.Decoder(Done)
    return [decoder.decode((folder / f"{number}.json").read_bytes()) for number in numbers]


def deletions(folder: Path, numbers: Iterable[int]) -> npt.NDArray[np.void]:
    """Return the deletions of some shards as one table, sorted by name."""
    parts = [np.fromfile(folder / f"{number}.deleted", dtype=DELETION) for number in numbers]
    return np.unique(np.concatenate([np.empty(0, dtype=DELETION), *parts]))


def gather(folder: Path, numbers: Sequence[int], wanted: Keys | None, to: Path) -> tuple[int, int]:
    """Put the resources of some members, or of all (None), into shards of a folder of their own, numbered from 0.

    Returns how many shards there are and how many bytes they hold.
    """
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    count, size = 0, 0
    for number in numbers:
        rows = index(folder, number)
        if wanted is None:
            for part in ("data", "index"):
                (to / f"{count}.{part}").symlink_to((folder / f"{number}.{part}").resolve())
            count, size = count + 1, size + (folder / f"{number}.data").stat().st_size
            continue
        chosen = _spans(np.ascontiguousarray(rows["key"]), wanted)
        if len(chosen):
            size += _some(folder / f"{number}.data", rows, chosen, to / str(count))
            count += 1
    return count, size


def _some(data: Path, rows: Index, chosen: npt.NDArray[np.int64], to: Path) -> int:
    """Write a shard of some rows of another; gives its bytes."""
    taken = np.array(rows[chosen])
    starts, sizes = taken["start"].astype(np.int64), taken["size"].astype(np.int64)
    edges = [0, *(np.flatnonzero(np.diff(chosen) != 1) + 1).tolist(), len(chosen)]
    with data.open("rb") as file, to.with_suffix(".data").open("wb") as out:
        for first, end in pairwise(edges):
            file.seek(int(starts[first]))
            out.write(file.read(int(starts[end - 1] + sizes[end - 1] - starts[first])))
    taken["start"] = np.cumsum(sizes) - sizes
    to.with_suffix(".index").write_bytes(taken.tobytes())
    return int(sizes.sum())


def crowded(folder: Path, numbers: Sequence[int]) -> list[list[int]]:
    """Return which shards are to be put together, where there are too many small ones: groups of a large one's size."""
    sizes = {number: (folder / f"{number}.data").stat().st_size for number in numbers}
    small = [number for number in numbers if sizes[number] < SMALL]
    if len(small) <= MOST_SMALL:
        return []
    groups: list[list[int]] = [[]]
    held = 0
    for number in small:
        if held + sizes[number] > SMALL:
            groups.append([])
            held = 0
        groups[-1].append(number)
        held += sizes[number]
    return [group for group in groups if len(group) > 1]


def put_together(folder: Path, group: Sequence[int], number: int) -> None:
    """Write one shard in the place of several, whole; these are left."""
    parts = [np.array(index(folder, one)) for one in group]
    texts = [(folder / f"{one}.data").read_bytes() for one in group]
    whose = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    rows = np.concatenate(parts)
    order = np.lexsort((rows["at"], rows["source"], rows["key"]))
    rows, whose = rows[order], whose[order]
    spans = zip(whose.tolist(), rows["start"].tolist(), rows["size"].tolist(), strict=True)
    with committing(folder / f"{number}.data") as file:
        file.writelines(texts[part][start : start + size] for part, start, size in spans)
    sizes = rows["size"].astype(np.uint64)
    rows["start"] = np.cumsum(sizes) - sizes
    committed(folder / f"{number}.index", rows.tobytes())
    for part in _PLAIN:
        committed(folder / f"{number}.{part}", b"")
    committed(folder / f"{number}.deleted", deletions(folder, group).tobytes())
    committed(folder / f"{number}.json", msgspec.json.encode(_one(done(folder, group))))
    for part in (NAMES, REFS):
        pairs = np.concatenate([_mapped(folder / f"{one}.{part}", PAIR) for one in group])
        committed(folder / f"{number}.{part}", _pairs(pairs["name"], pairs["key"]).tobytes())


def _one(parts: Sequence[Done]) -> Done:
    """Return what was found in several shards, of which only what later days need is kept: no rejects, no counts."""
    return Done(
        shared=[one for part in parts for one in part.shared],
        exports=[one for part in parts for one in part.exports],
        named=[one for part in parts for one in part.named],
    )


_FILE: Final = re.compile(rf"(\d+)\.(?:{'|'.join(map(re.escape, _PARTS))})({OWN_NAME})?")


def cleared(folder: Path, keep: Iterable[int], first: int | None = None) -> None:
    """Remove shards that no state names, and what was left half written; those from ``first`` on stay."""
    kept = set(keep)
    for path in folder.iterdir() if folder.is_dir() else ():
        named = _FILE.fullmatch(path.name)
        if named is None:
            continue
        number = int(named[1])
        if named[2] or (number not in kept and (first is None or number < first)):
            path.unlink()
