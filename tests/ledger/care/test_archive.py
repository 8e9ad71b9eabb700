"""An archive: the same bytes for the same contents, there when it is whole, refused when it is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from priorauth.errors import LedgerRefused
from priorauth.ledger.care import archive


def written(path: Path, content: bytes = b"one\ntwo\n") -> None:
    with archive.writing(path) as file:
        file.add("lines", [content])
        file.end({"kind": "letter"})


def test_what_was_written_is_read_line_by_line(tmp_path: Path) -> None:
    written(tmp_path / "a")
    with archive.reading(tmp_path / "a", "letter") as file:
        assert list(file.lines("lines")) == [b"one\n", b"two\n"]


def test_the_same_contents_give_the_same_bytes(tmp_path: Path) -> None:
    written(tmp_path / "a")
    written(tmp_path / "b")
    assert archive.sha256(tmp_path / "a") == archive.sha256(tmp_path / "b")


def test_one_that_was_not_ended_is_not_there(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"one"
        raise RuntimeError

    with pytest.raises(RuntimeError), archive.writing(tmp_path / "a") as file:
        file.add("lines", broken())
    assert list(tmp_path.iterdir()) == []


def test_every_byte_that_is_changed_is_found_or_changes_nothing(tmp_path: Path) -> None:
    written(tmp_path / "a", bytes(range(200)))
    whole = (tmp_path / "a").read_bytes()
    for place in range(len(whole)):
        (tmp_path / "b").write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with suppress(LedgerRefused), archive.reading(tmp_path / "b", "letter") as file:
            assert b"".join(file.lines("lines")) == bytes(range(200))


def test_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(LedgerRefused, match="cannot be written: No such file or directory"):
        written(tmp_path / "none" / "a")
    with pytest.raises(LedgerRefused, match="there is no such file"), archive.reading(tmp_path / "none", "letter"):
        pass
