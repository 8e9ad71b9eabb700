"""Files that the command line names."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.files import apart, read, write, write_into
from priorauth.errors import InputRefused


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write(tmp_path / "a", "é")
    assert read(tmp_path / "a", 2).decode() == "é"
    write_into(tmp_path / "b" / "c", "--out", {"d": "1", "e": "2"})
    assert {path.name: path.read_text() for path in (tmp_path / "b" / "c").iterdir()} == {"d": "1", "e": "2"}


def test_what_cannot_be_read_or_written_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("abc")
    for run, said in (
        (lambda: read(tmp_path, 1), "expected a file, found a folder"),
        (lambda: read(tmp_path / "a", 2), "expected at most 2 bytes, found 3"),
        (lambda: write(tmp_path / "none" / "b", ""), "cannot be written: No such file or directory"),
        (lambda: write_into(tmp_path / "a", "--out", {}), "--out: .*a: cannot be made: File exists"),
        (lambda: write_into(Path("/dev"), "--out", {"null": ""}), "--out: /dev/null: cannot be written: expected a"),
    ):
        with pytest.raises(InputRefused, match=said) as refused:
            run()
        assert len(refused.value.faults) == 1


def test_an_output_among_the_inputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="expected an output"):
        apart(tmp_path / "out", [Path("case.json")], [tmp_path])
    apart(tmp_path / "out", [tmp_path / "in"])
    apart(None, [tmp_path])
