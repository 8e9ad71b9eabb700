"""The tables of a population where they are: read in place from a folder, chunk by chunk from an object store.

What a chunk of buckets needs is copied to a folder of this machine and read there by the same code, then forgotten: so
much is on disk at a time. Filters on facts then work as ever, within the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from priorauth.errors import Fault, PopulationError
from priorauth.population import manifest, storage, tables, workers
from priorauth.population.storage import Place, Remote

if TYPE_CHECKING:
    import duckdb

Made = TypeVar("Made")
Kept = TypeVar("Kept")
AT_ONCE: Final = 4
"""Chunks that are copied together, while those before are worked on."""
SIDE_BY_SIDE: Final = 8
"""Files that are copied at a time."""


class Each(Protocol):
    """Who works on the chunks of a population, here or on other machines."""

    def __call__(
        self,
        folder: Place,
        parts: Sequence[tuple[int, ...]],
        work: Callable[[duckdb.DuckDBPyConnection], Made],
        then: Callable[[int, Made], Kept],
    ) -> Iterator[Kept]:
        """Yield, in order, what ``then`` makes of the number of a chunk and of what ``work`` made of it."""


@contextmanager
def outline(folder: Place) -> Iterator[Path]:
    """Yield a folder with the manifest and the members of a finished population; raises PopulationError."""
    if isinstance(folder, Path):
        manifest.opened(folder)
        yield folder
        return
    with TemporaryDirectory(prefix="priorauth-") as name:
        place = Path(name)
        try:
            _copy(folder, place, [manifest.MANIFEST])
        except FileNotFoundError:
            said = f"expected the tables of a population and the {manifest.MANIFEST} of its ingest; there is none"
            raise PopulationError(Fault(str(folder), None, said)) from None
        try:
            manifest.opened(place)
        except PopulationError as fault:
            raise PopulationError(*(Fault(str(folder), None, one.message) for one in fault.faults)) from None
        _copy(folder, place, storage.tree(folder, "member"))
        yield place


@contextmanager
def some(folder: Place, buckets: Iterable[int]) -> Iterator[Path]:
    """Yield a folder that holds some buckets of a population: that of the population, or a copy while it is needed."""
    if isinstance(folder, Path):
        yield folder
        return
    with _copied(folder, buckets) as name:
        yield Path(name)


def _copied(folder: Remote, buckets: Iterable[int]) -> TemporaryDirectory[str]:
    made = TemporaryDirectory(prefix="priorauth-")
    places = [f"{name}/bucket={bucket}" for name in tables.SCHEMAS for bucket in buckets]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        listed = pool.map(lambda under: [f"{under}/{name}" for name in storage.sizes(folder, under)], places)
        _copy(folder, Path(made.name), [name for names in listed for name in names])
    return made


def _copy(folder: Remote, to: Path, names: Sequence[str]) -> None:
    for parent in {(to / name).parent for name in names}:
        parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda name: (to / name).write_bytes(storage.read(folder, name)), names))


def each(
    folder: Place,
    parts: Sequence[tuple[int, ...]],
    work: Callable[[duckdb.DuckDBPyConnection], Made],
    then: Callable[[int, Made], Kept],
) -> Iterator[Kept]:
    """Yield what this machine makes of each chunk, in order; the next are copied while it works."""
    for number, made in enumerate(_worked(folder, parts, work)):
        yield then(number, made)


def _worked(
    folder: Place, parts: Sequence[tuple[int, ...]], work: Callable[[duckdb.DuckDBPyConnection], Made]
) -> Iterator[Made]:
    if isinstance(folder, Path):
        yield from workers.each(folder, parts, work)
        return
    groups = [parts[first : first + AT_ONCE] for first in range(0, len(parts), AT_ONCE)]
    with ThreadPoolExecutor(1) as ahead:
        coming = [ahead.submit(_copied, folder, [bucket for part in group for bucket in part]) for group in groups[:1]]
        try:
            for turn, group in enumerate(groups):
                with coming.pop().result() as name:
                    if turn + 1 < len(groups):
                        following = [bucket for part in groups[turn + 1] for bucket in part]
                        coming.append(ahead.submit(_copied, folder, following))
                    yield from workers.each(Path(name), group, work)
        finally:
            for left in coming:
                left.result().cleanup()
