"""Texts that the command line names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from priorauth.cli.policies import texts
from priorauth.errors import InputRefused
from tests.trace.invented import OLD, TEXTS, copy


def test_plain_text_is_read_with_its_hash(tmp_path: Path) -> None:
    made = texts.read(TEXTS / "fernhill-2025.txt")
    assert made.letters == copy().letters
    assert made.sha256 == hashlib.sha256(OLD.encode()).hexdigest()
    (tmp_path / "marked.txt").write_bytes(b"\xef\xbb\xbf" + OLD.encode())
    assert texts.read(tmp_path / "marked.txt").letters == copy().letters


def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputRefused, match=r"latin\.txt: expected UTF-8 text$"):
        texts.read(tmp_path / "latin.txt")
    with pytest.raises(InputRefused, match=r"none\.txt: cannot be read"):
        texts.read(tmp_path / "none.txt")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pdf", ".html"])
def test_a_pdf_with_hyphens_and_running_heads_and_a_page_of_html_say_the_same(tmp_path: Path, suffix: str) -> None:
    from priorauth.trace.lay import lay
    from tests.trace.invented import traced
    from tests.trace.printed import html, pdf

    path = tmp_path / f"text{suffix}"
    path.write_bytes(pdf() if suffix == ".pdf" else html().encode())
    rows = traced().rows
    laid = lay(texts.read(path), rows)
    assert (laid.new, [number for number in laid.missing if not rows[number].running]) == ((), [])
