"""The process apart: what it may take, how it ends, and that nothing of it is left."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from priorauth.documents import apart
from priorauth.documents.pages import Page
from priorauth.errors import InputRefused
from tests.documents import papers


def children() -> list[str]:
    """Return the processes that this one started and that are still there."""
    found = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=False
    )
    return [line for line in found.stdout.splitlines() if "documents.child" in line or "tesseract" in line]


def recognising(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in tesseract's place."""
    folder.mkdir(exist_ok=True)
    program = folder / "tesseract"
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_pages_come_one_by_one_and_no_process_is_left_where_the_rest_is_not_wanted() -> None:
    found = apart.pages(papers.pdf("one", "two", "three"), "pdf", "letter")
    first = next(found)
    assert isinstance(first, Page)
    assert first.text == "one"
    found.close()  # type: ignore[attr-defined]
    assert children() == []


def test_more_pages_than_are_read_are_said() -> None:
    *pages, note = sorted(
        apart.pages(papers.pdf("one", "two", "three"), "pdf", "letter", 2), key=lambda one: isinstance(one, str)
    )
    assert [page.text for page in pages if isinstance(page, Page)] == ["one", "two"]
    assert note == "the first 2 of 3 pages were read"


def test_a_file_that_is_too_large_is_refused_before_anything_is_started() -> None:
    with pytest.raises(InputRefused, match=r"fax: expected at most 25,000,000 bytes, found 25,000,001"):
        list(apart.pages(b"a" * 25_000_001, "text", "fax"))


def test_pages_are_counted_and_drawn() -> None:
    assert apart.count(papers.pdf("one", "two"), "pdf", "letter") == 2
    assert apart.count(papers.tiff(*[Image.new("L", (9, 9))] * 3), "tiff", "fax") == 3
    assert apart.count(b"text", "text", "note") == 0
    drawn = apart.picture(papers.pdf("one"), "pdf", "letter", 1, 300)
    assert drawn is not None
    assert drawn.startswith(b"\x89PNG")
    assert apart.picture(papers.pdf("one"), "pdf", "letter", 2) is None


def test_one_that_is_killed_at_a_page_leaves_it_empty_and_another_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognising(
        tmp_path / "bin", f'test -e {tmp_path}/once || {{ touch {tmp_path}/once; kill -9 "$PPID"; }}', monkeypatch
    )
    blank = Image.new("L", (300, 200), 255)
    *pages, note = sorted(apart.pages(papers.tiff(blank, blank), "tiff", "fax"), key=lambda one: isinstance(one, str))
    assert [page.number for page in pages if isinstance(page, Page)] == [1, 2]
    assert note == "page 1 could not be read within the limits"
    assert children() == []


def test_one_that_is_killed_each_time_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recognising(tmp_path, 'kill -9 "$PPID"', monkeypatch)
    blank = Image.new("L", (300, 200), 255)
    with pytest.raises(InputRefused, match=r"^fax: cannot be read: page 1 could not be read within the limits$"):
        list(apart.pages(papers.tiff(*[blank] * 5), "tiff", "fax"))
    assert children() == []


def test_what_the_process_starts_has_its_limit_of_memory_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recognising(tmp_path, f"ulimit -v > {tmp_path}/limit; ulimit -c >> {tmp_path}/limit", monkeypatch)
    list(apart.pages(papers.tiff(Image.new("L", (300, 200), 255)), "tiff", "fax"))
    assert (tmp_path / "limit").read_text("utf-8").split()[:2] == [str(2**20), "0"]


def test_without_the_extra_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ModuleNotFoundError(name='pypdfium2')\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(
        apart.ExtraMissing, match=r"letter: documents are read with .* pip install 'priorauth\[documents\]'"
    ):
        list(apart.pages(papers.pdf("one"), "pdf", "letter"))


@pytest.mark.slow
def test_one_that_takes_too_long_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognising(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 300", monkeypatch)
    found = list(apart.pages(papers.tiff(Image.new("L", (300, 200), 255)), "tiff", "fax"))
    assert [one for one in found if isinstance(one, str)] == ["page 1: it takes too long to be recognised"]
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text('utf-8').strip()}").exists()
