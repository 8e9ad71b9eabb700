"""Files are read within a limit, written whole, and never written over what is read."""

from __future__ import annotations

import io
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from priorauth.values.files import STDIN, FileFault, not_over, read, regular, replacing, write


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert read(tmp_path / "a", 3) == b"abc"
    assert regular(tmp_path / "a") == tmp_path / "a"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(FileFault, match=r"a: expected at most 1,000 bytes, found 1,099,511,627,776"):
        read(path, 1000)


@pytest.mark.parametrize("reader", [lambda path: read(path, 10), regular])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, reader: Callable[[Path], object]) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        found = {}
        for path in (tmp_path, tmp_path / "pipe", tmp_path / "socket", Path("/dev/zero"), Path("/dev/random")):
            with pytest.raises(FileFault) as fault:
                reader(path)
            found[path.name] = fault.value.problem
    assert found == {
        tmp_path.name: "expected a file, found a folder",
        "pipe": "expected a file, found a named pipe",
        "socket": "expected a file, found a socket",
        "zero": "expected a file, found a device",
        "random": "expected a file, found a device",
    }


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    for reader in (lambda path: read(path, 10), regular):
        with pytest.raises(FileFault, match=r"none: cannot be read: No such file or directory"):
            reader(tmp_path / "none")


def test_standard_input_is_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"abc")))
    assert read(STDIN, 3) == b"abc"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"abcd")))
    with pytest.raises(FileFault, match="-: expected at most 3 bytes"):
        read(STDIN, 3)
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(FileFault, match="standard input is closed"):
        read(STDIN, 3)


def test_a_fault_while_writing_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("before")

    def half() -> None:
        with replacing(tmp_path / "a") as partial:
            partial.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "before"


def test_a_file_is_written_over_whole_and_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_text("before")
    (tmp_path / "link").symlink_to(tmp_path / "folder" / "a")
    write(tmp_path / "link", "after \udc80")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "a").read_text() == "after \\udc80"
    write(tmp_path / "b", b"new")
    assert (tmp_path / "b").read_bytes() == b"new"


def test_two_writers_do_not_share_a_file(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as one, replacing(tmp_path / "a") as two:
        assert one != two


def test_what_is_no_regular_file_is_not_written_over(tmp_path: Path) -> None:
    for path in (Path("/dev/null"), tmp_path):
        with pytest.raises(FileFault, match="cannot be written: expected a file, found"):
            write(path, "x")
    with pytest.raises(FileFault, match="cannot be written: No such file"):
        write(tmp_path / "none" / "a", "x")


def test_an_output_that_is_an_input_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a").write_text("x")
    (tmp_path / "link").symlink_to(folder)
    os.link(folder / "a", tmp_path / "hard")
    for out, given in (
        (folder / "a", folder / "a"),
        (folder / "new", folder),
        (tmp_path / "link" / "deep" / "new", folder),
        (tmp_path / "hard", folder / "a"),
        (folder / ".." / "in", folder),
        (tmp_path, folder / "a"),
    ):
        with pytest.raises(FileFault, match="expected an output"):
            not_over(out, [given])
    not_over(tmp_path / "in-new", [folder, STDIN])
    not_over(tmp_path / "new", [folder / "a"])
