"""What a watch keeps of the days it has read: ``STATE/watch.json``, written last of all that a day brings.

A day that stands in it is done. What belongs to it lies ready below ``STATE/.work/ready`` by then, and is moved to
where it is looked for (:func:`settle`): again, where a watch was ended between the two.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from priorauth.errors import Fault, PopulationError
from priorauth.population.folder import LOCK, WORK
from priorauth.population.ingest.shard import committed
from priorauth.population.ingest.sources import Kind, Source

FORMAT: Final = 1
STATE: Final = "watch.json"
SHARDS: Final = ".shards"
KEYS: Final = ".keys.npy"
"""The key of the member of each row of what is current, in its order."""
READY: Final = "ready"
OF: Final = "day"
"""Names the day whose results lie ready."""
CURRENT: Final = "current"
DAYS: Final = "days"
_OWN: Final = frozenset({STATE, SHARDS, KEYS, CURRENT, DAYS, WORK, LOCK})


class File(msgspec.Struct, frozen=True):
    """A file of a day: its name below the folder of all days, what it holds, and its size in bytes."""

    name: str
    kind: Kind
    packed: bool
    size: int


class Counts(msgspec.Struct, frozen=True):
    """What a day brought: members by what became of them, and what was read for it."""

    members: int
    """Rows that there are after the day: a member, or each further request of one."""
    decided: int
    """Rows that were decided on the day."""
    new: int
    gone: int
    outcome: int
    """Rows whose outcome changed."""
    criteria: int
    """Rows whose outcome stayed and of which a criterion changed its status."""
    resources: int
    """Resources that the day's files hold, of types that are read."""
    deletions: int
    rejects: int
    warnings: int


class Day(msgspec.Struct, frozen=True):
    """A day that was read: its name, the day from which windows count, and why everybody was decided, if so."""

    name: str
    as_of: str
    files: list[File]
    counts: Counts
    everybody: str = ""


class Asked(msgspec.Struct, frozen=True):
    """What every day is decided by: a state is of one policy under one set of assumptions."""

    policy: str
    version: str
    sha256: str
    query: str
    """The hash of the whole query: readings, vocabulary and what is supposed stand in it."""
    program: str
    vocabulary: str


class State(msgspec.Struct):
    """All that is known of the days read so far; ``shards`` are the numbers of those that hold their resources."""

    asked: Asked
    days: list[Day] = []
    shards: list[int] = []
    next_shard: int = 0
    format: int = FORMAT

    @property
    def files(self) -> list[File]:
        """The files of all days: their turns are the numbers of the sources."""
        return [file for day in self.days for file in day.files]

    def sources(self, exports: Path) -> tuple[Source, ...]:
        """Return the files of all days as sources."""
        return tuple(Source(exports / one.name, one.name, one.kind, one.packed, one.size, 0) for one in self.files)


class _Kind(msgspec.Struct):
    format: int


def opened(place: Path, asked: Asked) -> State:
    """Return the state that a folder holds, a new one where it is empty; raises PopulationError.

    It is refused where it was begun with another policy, other assumptions or by another version of the program.
    """
    path = place / STATE
    if not path.exists():
        if any(one.name not in {WORK, LOCK, SHARDS} for one in place.iterdir()):
            raise PopulationError(Fault(str(place), None, "expected an empty folder, or the state of a watch"))
        return State(asked)
    data = path.read_bytes()
    try:
        if msgspec.json.decode(data, type=_Kind).format != FORMAT:
            raise _other(place, "another version of the program")
        found = msgspec.json.decode(data, type=State)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PopulationError(Fault(str(path), None, "expected the state of a watch")) from None
    if found.asked == asked:
        return found
    was = found.asked
    if (was.program, was.vocabulary) != (asked.program, asked.vocabulary):
        raise _other(place, "another version of the program or its vocabulary")
    if (was.policy, was.version, was.sha256) != (asked.policy, asked.version, asked.sha256):
        raise _other(place, f"{was.policy} {was.version} ({was.sha256[:12]})")
    raise _other(place, "other readings, or with other things supposed")


def _other(place: Path, what: str) -> PopulationError:
    return PopulationError(Fault(str(place), None, f"was begun with {what}; begin anew in an empty folder"))


def save(place: Path, state: State) -> None:
    """Write a state whole."""
    committed(place / STATE, msgspec.json.format(msgspec.json.encode(state), indent=1) + b"\n")


def ready(place: Path) -> Path:
    """Return where a day's results lie until it is done."""
    return place / WORK / READY


def settle(place: Path, state: State) -> None:
    """Move what the last day brought to where it belongs; what a day that is not done left there is removed."""
    lying = ready(place)
    marker = lying / OF
    if state.days and marker.exists() and marker.read_text("utf-8") == state.days[-1].name:
        for name in (f"{DAYS}/{state.days[-1].name}", CURRENT, KEYS):
            if (lying / name).exists():
                _moved(lying / name, place / name)
    shutil.rmtree(lying, ignore_errors=True)


def _moved(one: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if to.is_dir():
        shutil.rmtree(to)
    os.replace(one, to)  # noqa: PTH105  # the same, and plain
