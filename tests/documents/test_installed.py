"""Readers of others, installed as packages are, asked in a process apart."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from priorauth.documents import installed, outside
from priorauth.errors import InputRefused
from priorauth.facts import vocabulary
from priorauth.values import units
from tests.documents.notes import note

TINY = """
import os, sys, time

def words(reading):
    print("this is said to nobody")
    at = [page for page in reading.pages if "A1c 8.4 %" in page.text]
    row = {"fact": "hba1c", "value": "8.4 %", "quote": "A1c 8.4 %", "page": at[0].number}
    return {"facts": [row, {**row, "value": "9 %"}]}

def named(reading):
    return {"by": "tiny 7", "facts": []}

def sleeps(reading):
    os.system("sleep 60")

def dies(reading):
    os._exit(3)

def raises(reading):
    raise ValueError(reading.pages[0].text)

def talks(reading):
    return {"facts": ["x" * 5_000_000]}

def says_a_list(reading):
    return []
"""
NAMES = ("dies", "named", "raises", "says_a_list", "sleeps", "talks", "words")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package of readers, as pip leaves it."""
    return put(tmp_path / "site", monkeypatch)


def put(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    info = folder / "tiny_readers-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "tiny_readers.py").write_text(TINY, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny-readers\nVersion: 1.0\n", "utf-8")
    points = "\n".join(f"{name} = tiny_readers:{name}" for name in NAMES)
    (info / "entry_points.txt").write_text(f"[priorauth.readers]\n{points}\ngone = no_such_module:read\n", "utf-8")
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.mark.usefixtures("site")
def test_the_readers_that_are_installed_are_known_by_name() -> None:
    assert installed.names() == tuple(sorted((*NAMES, "gone")))


@pytest.mark.usefixtures("site")
def test_what_a_reader_proposes_is_checked_like_a_file_and_bears_its_name() -> None:
    read = note("A1c 8.4 % on 10/01/2026.")
    found = outside.checked(installed.proposals("words", read), read, vocabulary.load(), units.load())
    assert [(one.value, one.by) for one in found.findings.facts] == [("8.4 %", "outside: words")]
    assert [one.index for one in found.refused] == [1]
    assert "tiny_readers" not in sys.modules


@pytest.mark.usefixtures("site")
def test_a_reader_may_name_itself() -> None:
    assert installed.proposals("named", note("")) == {"by": "tiny 7", "facts": []}


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("dies", "reader dies: did not answer within 30 seconds, or ended"),
        ("raises", "reader raises: ended with ValueError"),
        ("gone", "reader gone: ended with ModuleNotFoundError"),
        ("talks", "reader talks: said more than 4,000,000 bytes"),
        ("says_a_list", "reader says_a_list: did not answer within 30 seconds, or ended"),
        ("other", f"no reader 'other' is installed; installed: {', '.join(sorted((*NAMES, 'gone')))}"),
    ],
)
def test_a_reader_that_does_not_do_its_work_is_refused_in_one_line(name: str, reason: str) -> None:
    with pytest.raises(InputRefused) as caught:
        installed.proposals(name, note("Jane has T1DM."), seconds=30)
    assert f"{caught.value}" == reason


@pytest.mark.usefixtures("site")
def test_a_reader_that_hangs_is_ended_with_all_that_it_started() -> None:
    begun = time.monotonic()
    with pytest.raises(InputRefused, match="did not answer within 1 seconds"):
        installed.proposals("sleeps", note(""), seconds=1)
    assert time.monotonic() - begun < 20


def test_where_none_is_installed_that_is_said() -> None:
    with pytest.raises(InputRefused, match="no reader 'acme' is installed; installed: none"):
        installed.proposals("acme", note(""))
