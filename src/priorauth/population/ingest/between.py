"""The tables of a bucket between the second pass and the last: as Arrow holds them, and packed only once."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyarrow as pa

from priorauth.population.folder import placed


def write(file: IO[bytes], table: pa.Table) -> None:
    """Write a table as it stands."""
    with pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def place(made: Path, bucket: int, name: str) -> Path:
    """Return where a table of a bucket stands."""
    return made / str(bucket) / f"{name}.arrow"


def read(made: Path, bucket: int, name: str) -> pa.Table:
    """Return a table of a bucket."""
    with pa.memory_map(str(place(made, bucket, name))) as file:
        return pa.ipc.open_file(file).read_all()


def publish(partial: Path, made: Path, bucket: int) -> None:
    """Move the tables of a bucket to where they belong."""
    placed(partial, made / str(bucket))
