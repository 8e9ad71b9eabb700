"""The rows of a run as a dataset: a folder of Parquet that DuckDB, pandas, pyarrow and Spark open as one table.

``OUT/part-00000.parquet`` and on, in the order of members; ``OUT/_run.json`` is written last and says what decided and
what came of it: without it nothing is finished. Readers of Parquet pass over names that begin with ``_`` or ``.``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from priorauth.errors import Fault, PopulationError
from priorauth.facts import vocabulary
from priorauth.policy.tree import Policy
from priorauth.population import storage
from priorauth.population.storage import Place

if TYPE_CHECKING:
    import pyarrow as pa

ABOUT: Final = "_run.json"
BEGUN: Final = "_begun"
"""Lies there until ``_run.json`` does: the folder is a run's, and nothing in it is finished."""
FORMAT: Final = 1
WRITTEN: Final[dict[str, Any]] = {"compression": "zstd", "store_schema": False}
"""How rows are written: without Arrow's own schema a reader sees plain text, not the few words that it is kept as."""
GROUP: Final = 1 << 16
"""Rows of a row group."""
_PART: Final = re.compile(r"part-\d{5,}\.parquet")


class Part(msgspec.Struct, frozen=True):
    """One file of a dataset: how many members it has, and its size in bytes."""

    rows: int
    bytes: int


class Decided(msgspec.Struct, frozen=True):
    """The policy that decided."""

    id: str
    title: str
    version: str
    sha256: str


class About(msgspec.Struct, frozen=True):
    """What a dataset is: who decided, under which assumptions, how many rows each part has, and the summary."""

    policy: Decided
    parts: tuple[Part, ...]
    as_of: str | None = None
    """The request date of all (YYYY-MM-DD); None: each member's own."""
    pathway: str | None = None
    """The pathway that was run alone."""
    plan: str | None = None
    readings: dict[str, str] = {}
    """Every named reading of the policy with the value that counted."""
    supposed: tuple[str, ...] = ()
    """``NAME=VALUE``, of members on whom nothing is on file about it."""
    evidence: bool = False
    summary: dict[str, Any] = {}
    """As ``priorauth population run --json`` prints it."""
    vocabulary: str = msgspec.field(default_factory=lambda: vocabulary.load().sha256)
    format: int = FORMAT

    @property
    def members(self) -> int:
        """Return how many members were decided."""
        return sum(part.rows for part in self.parts)


class _Kind(msgspec.Struct):
    format: int


def name(number: int) -> str:
    """Return the name of a part, by its number from 0."""
    return f"part-{number:05}.parquet"


def begin(folder: Place) -> None:
    """Make a folder ready: what a run left there goes; PopulationError where it holds anything else."""
    found = storage.sizes(folder)
    parts = [one for one in found if _PART.fullmatch(one)]
    foreign = [one for one in found if one not in parts and one not in {ABOUT, BEGUN}]
    if parts and not {ABOUT, BEGUN} & found.keys():
        foreign = parts
    if isinstance(folder, Path) and folder.is_dir():
        foreign += sorted(path.name for path in folder.iterdir() if path.is_dir())
    if foreign:
        said = f"expected a new or empty folder, or one that a run wrote; it holds {foreign[0]}"
        raise PopulationError(Fault(str(folder), None, said))
    storage.put(folder, BEGUN, b"")
    storage.remove(folder, [ABOUT, *parts])
    storage.clear_halves(folder)


def write_part(folder: Place, number: int, table: pa.Table) -> Part:
    """Write one part whole: the same rows give the same bytes, and whoever writes it twice changes nothing."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    into = pa.BufferOutputStream()
    pq.write_table(table.combine_chunks(), into, row_group_size=GROUP, **WRITTEN)
    data = into.getvalue()
    storage.put(folder, name(number), data)
    return Part(len(table), data.size)


def about(policy: Policy, **given: Any) -> About:  # noqa: ANN401 - the fields of About
    """Return what a dataset is to be before it has parts: ``given`` are fields of :class:`About`."""
    readings = {name: reading.text for name, reading in (policy.readings or {}).items()}
    decided = Decided(policy.id, policy.title, policy.version, policy.sha256)
    return About(decided, (), readings=readings, **given)


def finish(folder: Place, about: About) -> None:
    """See that exactly the parts that were written are there, and say that the dataset is finished; PopulationError."""
    check(folder, about.parts)
    storage.put(folder, ABOUT, msgspec.json.format(msgspec.json.encode(about), indent=1) + b"\n")
    storage.remove(folder, [BEGUN])
    storage.clear_halves(folder)


def check(folder: Place, parts: Sequence[Part]) -> None:
    """See that exactly these parts are there; raises PopulationError."""
    wanted = {name(number): part.bytes for number, part in enumerate(parts)}
    found = {one: size for one, size in storage.sizes(folder).items() if one not in {ABOUT, BEGUN}}
    for one in sorted(wanted.keys() | found.keys()):
        if wanted.get(one) != found.get(one):
            said = f"expected {_size(wanted.get(one))}, found {_size(found.get(one))}; run the same command again"
            raise PopulationError(Fault(str(folder), one, said))


def _size(size: int | None) -> str:
    return "no such file" if size is None else f"{size:,} bytes"


def opened(folder: Place) -> About:
    """Return what a finished dataset is; raises PopulationError where it is not finished, or another program's."""
    try:
        text = storage.read(folder, ABOUT)
    except (FileNotFoundError, NotADirectoryError):
        begun = "; a run was begun there and is not finished" if BEGUN in storage.sizes(folder) else ""
        said = f"expected the rows of a run and the {ABOUT} that is written last; there is none{begun}"
        raise PopulationError(Fault(str(folder), None, said)) from None
    try:
        if msgspec.json.decode(text, type=_Kind).format == FORMAT:
            return msgspec.json.decode(text, type=About)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PopulationError(Fault(str(folder), ABOUT, "expected what a run says of its rows")) from None
    raise PopulationError(Fault(str(folder), ABOUT, "was written by another version of the program; run it again"))


def paths(folder: Path) -> list[Path]:
    """Return the files of a finished dataset, in the order of members; raises PopulationError."""
    return [folder / name(number) for number in range(len(opened(folder).parts))]


def rows(folder: Place, parts: Sequence[Part] | None = None) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the rows as a dataset of pyarrow; those of parts that are not finished yet where they are given."""
    import pyarrow.dataset as datasets

    count = len(opened(folder).parts if parts is None else parts)
    if isinstance(folder, Path):
        return datasets.dataset([str(folder / name(number)) for number in range(count)], format="parquet")
    store, path = folder.store()
    return datasets.dataset([f"{path}/{name(number)}" for number in range(count)], filesystem=store, format="parquet")
