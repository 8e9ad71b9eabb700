"""Sources: which files are read, in which order, in which parts, and how packed ones are unpacked."""

from __future__ import annotations

import gzip
import io
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.population.ingest import sources
from priorauth.population.ingest.ingest import ingest
from priorauth.population.ingest.sources import Source, Unpacker, find, tasks, whole
from tests.exports import AS_OF, hba1c, lines, patient


def unpacked(data: bytes, size: int) -> bytes:
    reader = Unpacker(io.BytesIO(data))
    return b"".join(iter(lambda: reader.read(size), b""))


def test_files_are_found_in_folders_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in (
        "b/x.ndjson",
        "a/Patient.jsonl.gz",
        "a.json",
        "c.parquet",
        "b/.hidden.ndjson",
        ".work/y.ndjson",
        "z.csv",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found, others = find(tmp_path)
    assert [(one.name, one.kind, one.packed) for one in found] == [
        ("a.json", "document", False),
        ("a/Patient.jsonl.gz", "lines", True),
        ("b/x.ndjson", "lines", False),
        ("c.parquet", "parquet", False),
    ]
    assert others == ("z.csv",)


def test_a_single_file_is_an_export_too(tmp_path: Path) -> None:
    (tmp_path / "p.ndjson").touch()
    assert [one.name for one in find(tmp_path / "p.ndjson")[0]] == ["p.ndjson"]


def test_a_place_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="expected a file or a folder"):
        find(tmp_path / "gone")


@given(st.lists(st.integers(0, 200_000_000), max_size=8))
def test_tasks_hold_every_byte_of_every_file_once(sizes: list[int]) -> None:
    listed = tuple(
        Source(Path(f"{n}.ndjson"), f"{n}.ndjson", "lines", packed=False, size=size, changed=0)
        for n, size in enumerate(sizes)
    )
    held = [piece for task in tasks(listed) for piece in task]
    for number, size in enumerate(sizes):
        parts = [(piece.start, size if piece.end is None else piece.end) for piece in held if piece.source == number]
        assert parts[0][0] == 0
        assert parts[-1][1] == size
        assert all(one[1] == two[0] for one, two in pairwise(parts))
    assert all(task for task in tasks(listed))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 64), st.integers(0, 3))
def test_gzip_files_in_several_members_are_read_to_their_end(parts: list[bytes], size: int, zeros: int) -> None:
    data = (b"\0" * zeros).join(gzip.compress(part) for part in parts)
    assert unpacked(data, size) == b"".join(parts)


def test_a_gzip_file_that_ends_too_early_gives_what_it_has_first() -> None:
    data = gzip.compress(bytes(range(256)) * 4_000, compresslevel=0)
    reader = Unpacker(io.BytesIO(data[:-50_000]))
    held = b"".join(reader.read(100_000) for _ in range(14))
    assert len(held) > 900_000
    with pytest.raises(EOFError):
        list(iter(lambda: reader.read(100_000), b""))


def test_a_gzip_file_with_a_wrong_sum_is_damaged() -> None:
    data = bytearray(gzip.compress(b"hello"))
    data[-8] ^= 1
    with pytest.raises(zlib.error):
        unpacked(bytes(data), 100)


def test_an_empty_file_is_no_gzip_file() -> None:
    with pytest.raises(EOFError):
        unpacked(b"", 10)


def test_no_more_is_read_than_one_byte_beyond_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "x.json.gz").write_bytes(gzip.compress(b"x" * 1_000_000))
    ((found,), _) = find(tmp_path)
    assert len(whole(found, 1_000)) == 1_001


def test_what_a_packed_file_may_grow_to_counts() -> None:
    packed = Source(Path("x.ndjson.gz"), "x", "lines", packed=True, size=1_000, changed=0)
    assert packed.expected == 1_000 * sources.PACKED


def test_the_folder_that_is_written_to_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "all.ndjson").write_bytes(lines(patient(), hba1c("a1")))
    out = tmp_path / "tables"
    first = ingest(tmp_path, out, as_of=AS_OF, jobs=1)
    assert (first.files, first.members) == (1, 1)
    assert ingest(tmp_path, out, as_of=AS_OF, jobs=1) == first
