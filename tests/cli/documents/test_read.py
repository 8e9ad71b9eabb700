"""``priorauth documents read``, as it is typed, on files as they come."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.cli.running import Capture, asked, printed, refusal
from tests.documents import papers

NOTE = """HARBOR CLINIC   Progress note
Patient: Jane Roe   DOB 03/04/1980
Date of service: 10/06/2026   Provider: Ann Lee, MD

Hemoglobin A1c today 8.4 %. She denies ketoacidosis.

Electronically signed by Ann Lee, MD on 10/07/2026"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    made = tmp_path / "letter.pdf"
    made.write_bytes(papers.pdf(NOTE, "Page two of the note"))
    return made


def fact(said: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in said["facts"] if one["fact"] == name]
    return dict(found)


def test_the_facts_of_a_letter_are_printed_with_page_and_words(letter: Path, capsys: Capture) -> None:
    said = json.loads(printed(capsys, "documents", "read", letter))
    head = ["sha256", "kind", "author_role", "dated", "signed_by", "signed_on", "patient", "set_aside"]
    assert list(said) == [*head, "facts", "notes"]
    assert said["patient"] == {"name": "Jane Roe", "birthDate": "1980-03-04"}
    assert (said["kind"], said["dated"], said["set_aside"]) == ("progress-note", "2026-10-06", None)
    found = fact(said, "hba1c")
    box = found.pop("box")
    wanted = {"fact": "hba1c", "value": "8.4 %", "date": "2026-10-06", "polarity": "stated", "page": 1}
    assert {name: found[name] for name in wanted} == wanted
    assert found["quote"] in NOTE
    assert 0 < box[0] < box[2] < 1
    assert 0 < box[1] < box[3] < 0.25
    assert fact(said, "ketoacidosis")["polarity"] == "denied"


def test_the_same_file_gives_the_same_bytes_by_any_name_and_from_standard_input(
    letter: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    first = printed(capsys, "documents", "read", letter)
    other = letter.rename(letter.with_name("scan.tif"))
    assert printed(capsys, "documents", "read", other, "--json") == first
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(other.read_bytes())))
    assert printed(capsys, "documents", "read", "-") == first


def test_the_text_of_all_pages_or_of_one_is_printed(letter: Path, capsys: Capture) -> None:
    text = printed(capsys, "documents", "read", letter, "--text")
    assert text.split("\f")[0].split() == NOTE.split()
    assert printed(capsys, "documents", "read", letter, "--text", "--page", 2).strip() == "Page two of the note"
    assert json.loads(printed(capsys, "documents", "read", letter, "--page", 2))["facts"] == []


def test_a_page_is_drawn_with_the_words_of_its_facts_marked(letter: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "page.png"
    said = json.loads(printed(capsys, "documents", "read", letter, "--picture", out))
    with Image.open(out) as held:
        page = held.convert("RGB")
    left, top, right, _ = fact(said, "hba1c")["box"]
    middle = (int((left + right) / 2 * page.width), int(top * page.height) - 1)
    assert page.size == (1200, 1553)
    assert page.getpixel(middle) == (255, 214, 0)
    assert page.getpixel((5, middle[1])) == page.getpixel((5, 5)) == (255, 255, 255)


def test_a_fax_is_read_as_a_letter_is(tmp_path: Path, capsys: Capture) -> None:
    papers.tesseract()
    fax = tmp_path / "fax"
    fax.write_bytes(papers.tiff(papers.picture(NOTE)))
    said = json.loads(printed(capsys, "documents", "read", fax))
    found = fact(said, "hba1c")
    assert (found["value"], found["page"]) == ("8.4 %", 1)
    assert all(0 <= part <= 1 for part in found["box"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--text", "--json"), "--text: give it or --json"),
        (("--page", "3"), "has 2 pages"),
        (("--picture", "letter.pdf"), "letter.pdf"),
    ],
)
def test_what_cannot_be_done_is_refused(
    options: tuple[str, ...], said: str, letter: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(letter.parent)
    assert said in refusal(capsys, "documents", "read", "letter.pdf", *options)


def test_a_text_has_no_page_to_be_drawn(tmp_path: Path, capsys: Capture) -> None:
    note = tmp_path / "note.txt"
    note.write_text(NOTE, "utf-8")
    assert "has no page 1 that can be drawn" in refusal(
        capsys, "documents", "read", note, "--picture", tmp_path / "p.png"
    )
    assert not (tmp_path / "p.png").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"%PDF-1.4", "the PDF is damaged"),
        (b"\x89PNG\r\n\x1a\n", "the picture is damaged"),
        (b"MZ\x90\x00", "found a program"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line_with_its_name(
    content: bytes, said: str, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "fax.tif"
    file.write_bytes(content)
    assert f"{file}: " in (line := refusal(capsys, "documents", "read", file))
    assert said in line


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path, capsys: Capture) -> None:
    assert "none.pdf" in refusal(capsys, "documents", "read", tmp_path / "none.pdf")
    large = tmp_path / "large.txt"
    with large.open("wb") as out:
        out.truncate(25_000_001)
    assert "25" in refusal(capsys, "documents", "read", large)


def test_a_page_is_a_whole_number_from_one_on(letter: Path, capsys: Capture) -> None:
    assert "--page: expected at least 1, found 0" in refusal(capsys, "documents", "read", letter, "--page", "0")


def test_a_locked_letter_is_refused(tmp_path: Path, capsys: Capture) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(BytesIO(papers.pdf(NOTE))))
    writer.encrypt("secret", "owner", algorithm="AES-256")
    file = tmp_path / "locked.pdf"
    file.write_bytes(papers.written(writer))
    assert "the PDF is locked with a password" in refusal(capsys, "documents", "read", file)
    code, out, _ = asked(capsys, "documents", "read", file, "--text")
    assert (code, out) == (2, "")
