"""The tables of a bucket between the second pass and the last: as Arrow holds them, and packed only once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import pyarrow as pa


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
    """Move the tables of a bucket to where they belong; what another attempt put there is whole, and the same."""
    made.mkdir(parents=True, exist_ok=True)
    there = made / str(bucket)
    if not there.exists():
        try:
            os.replace(partial, there)  # noqa: PTH105  # the same, and plain
        except OSError:  # another attempt was there first
            if not there.is_dir():
                raise
