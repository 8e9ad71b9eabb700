"""Lines of large, packed and damaged files: each once, or a word about what is wrong."""

from __future__ import annotations

import gzip
import shutil
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import PopulationError
from priorauth.population.ingest.lines import Again, blocks
from priorauth.population.ingest.sources import Piece, Source
from tests.exports import Export, hba1c, lines, patient, read, rejects, table


def source(path: Path) -> Source:
    return Source(path, path.name, "lines", path.suffix == ".gz", path.stat().st_size, 0)


def test_a_line_is_read_again_as_it_was_read_first(tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_bytes(b"\xef\xbb\xbf{1}\n{22}\n")
    (block,) = blocks(source(path), Piece(0))
    with closing(Again()) as again:
        assert [again.line(source(path), at, size) for at, size in ((0, 6), (7, 4))] == block.data.splitlines()


@pytest.mark.parametrize("left", [b"{1}\n{2", None])
def test_a_line_that_is_gone_is_no_line(left: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_bytes(b"{1}\n{22}\n")
    before = source(path)
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    with pytest.raises(PopulationError) as refused, closing(Again()) as again:
        again.line(before, 4, 4)
    assert str(refused.value).startswith("x.ndjson: changed while it was read")


@given(
    st.lists(st.binary(max_size=12).map(lambda text: text.replace(b"\n", b"")), max_size=12),
    st.integers(1, 15),
    st.integers(1, 9),
    st.booleans(),
)
def test_pieces_and_blocks_of_any_size_give_each_line_once(
    texts: list[bytes],
    step: int,
    size: int,
    ended: bool,  # noqa: FBT001
) -> None:
    data = b"\n".join(texts) + (b"\n" if ended else b"")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("priorauth.population.ingest.lines.BLOCK", size)
        path = Path(folder) / "x.ndjson"
        path.write_bytes(data)
        found = [
            block
            for start in range(0, len(data), step)
            for block in blocks(source(path), Piece(0, start, min(start + step, len(data))))
        ]
    if not data.startswith(b"\xef\xbb\xbf"):
        assert b"".join(block.data for block in found) == data
    at = 0
    for block in found:
        assert (block.at, block.fault) == (at, "")
        at += len(block.data)


def test_a_line_without_an_end_is_left_out_and_the_next_one_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("priorauth.population.ingest.lines.BLOCK", 8)
    monkeypatch.setattr("priorauth.population.ingest.lines.MAX_LINE", 20)
    (tmp_path / "x.ndjson").write_bytes(b"one\n" + b"x" * 50 + b"\ntwo\n")
    first, long, last = blocks(source(tmp_path / "x.ndjson"), Piece(0))
    assert (first.data, last.data, last.at) == (b"one\n", b"two\n", 55)
    assert (long.at, long.fault) == (4, "expected a line of at most 20 bytes")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(export: Export) -> None:
    data = b"\xef\xbb\xbf" + lines(patient(), hba1c("a1")).replace(b"\n", b"\r\n") + b"\r\n\n"
    summary, _ = read(export(all_ndjson=data))
    assert (summary.members, summary.rows["measurement"], summary.rejects) == (1, 1, 0)


def test_the_pieces_of_a_large_file_hold_each_line_once(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    data = lines(patient(), *(hba1c(f"a{n}", value=5 + n / 100) for n in range(60)))
    source = export(all_ndjson=data)
    first, out = read(source)
    wanted = table(out, "measurement")
    shutil.rmtree(out)
    for size in (1_009, 2_503, 50_000):
        monkeypatch.setattr("priorauth.population.ingest.sources.TASK", size)
        again, out = read(source)
        assert again.read == first.read
        assert table(out, "measurement") == wanted
        shutil.rmtree(out)


def test_a_corrupt_gzip_file_gives_what_came_before_the_damage(export: Export) -> None:
    whole = gzip.compress(lines(patient(), *(hba1c(f"a{n}") for n in range(8_000))), mtime=0)
    summary, out = read(export(all_ndjson_gz=whole[: len(whole) // 2]))
    (found,) = rejects(out)
    assert "gzip stream ends too early" in found["reason"]
    assert found["file"] == "all.ndjson.gz"
    assert 1_000 < summary.read["Observation"] < 8_000
    assert summary.members == 1


def test_a_file_that_only_claims_to_be_gzip_is_named(export: Export) -> None:
    summary, out = read(export(p_ndjson=lines(patient()), q_ndjson_gz=b"no gzip at all"))
    assert summary.members == 1
    assert [found["file"] for found in rejects(out)] == ["q.ndjson.gz"]
