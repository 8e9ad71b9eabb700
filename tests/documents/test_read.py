"""Readings: their notes, and that they are kept by what is in the file and who read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from priorauth.documents import read
from priorauth.errors import InputRefused
from tests.documents import papers


def test_a_reading_says_what_was_read_and_by_what() -> None:
    found = read.read(b"HbA1c 8.4 %")
    assert (found.kind, found.text, found.notes) == ("text", "HbA1c 8.4 %", ())
    assert found.reader == f"{read.READER}, {read.tesseract()}"
    assert len(found.sha256) == 64


def test_it_is_kept_and_read_again_from_there(tmp_path: Path) -> None:
    place = tmp_path / "kept"
    first = read.read(b"HbA1c 8.4 %", kept=place)
    (file,) = place.iterdir()
    assert (place.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    file.write_bytes(file.read_bytes().replace(b"8.4", b"9.9"))
    assert read.read(b"HbA1c 8.4 %", kept=place).text == "HbA1c 9.9 %"
    file.write_bytes(b"{ broken")
    assert read.read(b"HbA1c 8.4 %", kept=place) == first


def test_another_file_and_another_number_of_pages_are_kept_apart(tmp_path: Path) -> None:
    for content, most in ((b"a", 5), (b"b", 5), (b"a", 6)):
        read.read(content, most=most, kept=tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_what_cannot_be_kept_is_read_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert read.read(b"a", kept=tmp_path / "file").text == "a"


def test_a_scan_without_tesseract_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputRefused, match=r"^fax: scans are read with tesseract: apt install tesseract-ocr$"):
        read.read(papers.tiff(Image.new("L", (300, 200), 255)), "fax")


def test_pages_of_text_beside_scans_are_read_without_tesseract(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from io import BytesIO

    from pypdf import PdfWriter

    writer = PdfWriter()
    for part in (papers.pdf("HbA1c 8.4 %"), papers.scanned(Image.new("L", (300, 200), 255))):
        writer.append(BytesIO(part))
    monkeypatch.setenv("PATH", str(tmp_path))
    found = read.read(papers.written(writer), "fax")
    assert [page.text for page in found.pages] == ["HbA1c 8.4 %", ""]
    assert found.notes == ("page 2: scans are read with tesseract: apt install tesseract-ocr",)
