"""Files that are broken, or made to break what reads them: a reading with a note, or one line, and nothing left."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Final

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from priorauth.documents import read
from priorauth.documents.pages import Reading
from priorauth.documents.understood import understood
from priorauth.errors import InputRefused
from tests.documents import papers
from tests.documents.readers.test_ccda import BODY, HEAD
from tests.documents.test_apart import children

NOTE: Final = "HARBOR CLINIC Progress note\nPatient: Jane Roe  DOB 3/4/1980\nHbA1c today 8.4 %"


def refused(content: bytes) -> str:
    """Return the one line that a file is refused with."""
    with pytest.raises(InputRefused) as found:
        read.read(content, "fax")
    line = str(found.value)
    assert line.startswith("fax: ")
    assert "\n" not in line
    assert children() == []
    return line.removeprefix("fax: ")


def with_writer(change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(papers.pdf(NOTE))))
    change(writer)
    return papers.written(writer)


# ---- PDF


def test_a_pdf_that_is_locked_is_refused_and_one_that_anybody_may_open_is_read() -> None:
    locked = with_writer(lambda writer: writer.encrypt("secret", "owner", algorithm="AES-256"))
    assert refused(locked) == "the PDF is locked with a password"
    for algorithm in ("RC4-128", "AES-256"):
        opened = with_writer(lambda writer, by=algorithm: writer.encrypt("", "owner", algorithm=by))  # type: ignore[misc]
        assert "HbA1c today 8.4 %" in read.read(opened).text


def test_scripts_and_files_within_a_pdf_are_left_alone() -> None:
    def change(writer: PdfWriter) -> None:
        script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("while (true) { app.alert('no'); }")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(name): each for name, each in script.items()}
        )
        writer.add_attachment("virus.exe", b"MZ" + bytes(1000))

    found = read.read(with_writer(change))
    assert found.text.split() == NOTE.split()


def test_a_pdf_whose_table_of_objects_is_broken_is_read_all_the_same() -> None:
    content = papers.pdf(NOTE)
    at = content.rindex(b"startxref")
    assert "8.4 %" in read.read(content[:at] + b"startxref\n99999999\n%%EOF").text
    assert "8.4 %" in read.read(content[:at]).text


@pytest.mark.parametrize(
    "kids",
    [
        b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
        b"<</Type/Pages/Kids[2 0 R 2 0 R 2 0 R]/Count 2000000000>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Type/Pages/Kids" + b"[" * 50_000 + b"]" * 50_000 + b"/Count 1>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    ],
    ids=["itself", "endless", "none", "deep", "missing"],
)
def test_a_pdf_whose_pages_go_in_circles_is_refused_or_has_no_text(kids: bytes) -> None:
    try:
        found = read.read(papers.objects(b"<</Type/Catalog/Pages 2 0 R>>", kids), "fax")
    except InputRefused as fault:
        assert "\n" not in str(fault)  # noqa: PT017 - either is right
    else:
        assert found.text.strip("\f") == ""
        assert found.notes
    assert children() == []


def page_of(content: bytes, media: bytes = b"[0 0 612 792]", *more: bytes, resources: bytes = b"") -> bytes:
    return papers.objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%b/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%b>>>>" % (media, resources),
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    )


SAYS: Final = b"BT /F 12 Tf 72 700 Td (HbA1c today 8.4 %) Tj ET"


def test_a_page_as_wide_as_a_field_is_read_and_stays_within_limits() -> None:
    found = read.read(page_of(papers.stream(SAYS), b"[0 0 2000000 2000000]"))
    assert found.text == "HbA1c today 8.4 %"
    assert read.read(page_of(papers.stream(SAYS), b"[0 0 0 0]")).text.strip() in ("", "HbA1c today 8.4 %")


def nothing_or_a_line(content: bytes) -> None:
    """Check that a file is read as an empty page, or refused with its page; and that no process is left."""
    try:
        assert read.read(content, "fax").text.strip() == ""
    except InputRefused as fault:
        assert "page 1" in str(fault)  # noqa: PT017 - either is right
    assert children() == []


def test_a_picture_of_thirty_thousand_points_within_a_pdf_is_an_empty_page_or_a_line() -> None:
    papers.tesseract()
    packed = zlib.compress(bytes(30_000 * 3_750), 9)
    picture = papers.stream(
        packed,
        b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/ColorSpace/DeviceGray"
        b"/BitsPerComponent 1/Filter/FlateDecode",
    )
    content = page_of(
        papers.stream(b"612 0 0 792 0 0 cm /I Do"), b"[0 0 612 792]", picture, resources=b"/XObject<</I 6 0 R>>"
    )
    assert len(content) < 200_000
    nothing_or_a_line(content)


def test_a_stream_that_unpacks_without_end_is_an_empty_page_or_a_line() -> None:
    packed = zlib.compress(zlib.compress(b" " * 500_000_000, 9), 9)
    content = page_of(papers.stream(packed, b"/Filter[/FlateDecode/FlateDecode]"))
    assert len(content) < 20_000
    nothing_or_a_line(content)


def test_forms_that_draw_each_other_end() -> None:
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</A 6 0 R/B 7 0 R>>>>"
    content = page_of(
        papers.stream(SAYS + b" /A Do"),
        b"[0 0 612 792]",
        papers.stream(b"/B Do /B Do", form),
        papers.stream(b"/A Do /A Do", form),
        resources=b"/XObject<</A 6 0 R>>",
    )
    try:
        assert "8.4 %" in read.read(content, "fax").text
    except InputRefused as fault:
        assert str(fault) == "fax: cannot be read: page 1 could not be read within the limits"  # noqa: PT017 - either is right
    assert children() == []


@pytest.mark.slow
def test_of_ten_thousand_pages_the_first_five_hundred_are_read() -> None:
    found = read.read(papers.pdf(*["HbA1c today 8.4 %"] * 10_000))
    assert len(found.pages) == 500
    assert found.notes == ("the first 500 of 10000 pages were read",)


# ---- pictures


def test_pictures_of_too_many_points_are_refused_in_one_line() -> None:
    papers.tesseract()
    rows = zlib.compress(bytes(3_751 * 30_000), 9)

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    assert len(png) < 200_000
    assert refused(png) == "it has more than 80,000,000 points"
    assert refused(papers.tiff(Image.new("1", (12_000, 9_000), 1))) == "it has more than 80,000,000 points"


def test_of_two_pages_one_that_is_damaged_is_said_and_the_other_read() -> None:
    papers.tesseract()
    one, two = papers.picture("Ketoacidosis in March 2026"), Image.effect_noise((400, 300), 90)
    content = papers.saved(one.convert("L"), "TIFF", save_all=True, append_images=[two], compression="tiff_deflate")
    at = content.rindex(b"\x78\x9c") if b"\x78\x9c" in content[len(content) // 2 :] else content.rindex(b"\x78")
    found = read.read(content[:at] + bytes(2_000) + content[at + 2_000 :])
    assert [page.number for page in found.pages] == [1, 2]
    assert "Ketoacidosis" in found.pages[0].text
    assert found.notes == ("page 2: the picture is damaged",)


def test_an_empty_scan_is_said() -> None:
    papers.tesseract()
    found = read.read(papers.tiff(*[Image.new("1", (1700, 2200), 1)] * 2))
    assert found.notes == ("page 1: no text was found", "page 2: no text was found")
    assert understood(found).facts == ()


# ---- what is cut off, and what goes deep


@pytest.mark.parametrize(
    "content",
    [
        papers.pdf(NOTE),
        papers.docx(papers.paragraph(NOTE)),
        (HEAD + BODY).encode(),
        papers.saved(papers.picture(NOTE, wide=600, high=300), "PNG"),
        papers.saved(papers.picture(NOTE, wide=600, high=300), "JPEG"),
        papers.tiff(papers.picture(NOTE, wide=600, high=300)),
    ],
    ids=["pdf", "docx", "ccda", "png", "jpeg", "tiff"],
)
def test_a_file_that_is_cut_off_is_refused_or_read_as_far_as_it_goes(content: bytes) -> None:
    for part in (3, 2):
        try:
            assert isinstance(read.read(content[: len(content) // part], "fax"), Reading)
        except InputRefused as fault:
            assert "\n" not in str(fault)  # noqa: PT017 - either is right
    assert children() == []


@pytest.mark.parametrize(
    "content",
    [
        b"<html>" + b"<div>" * 20_000 + b"HbA1c",
        b"<html>" + b"<table><tr><td>" * 20_000,
        rb"{\rtf1 " + b"{" * 200_000,
        (HEAD + "<component><section><text>" + "<list><item>" * 20_000).encode(),
        (HEAD + "<a>" * 50_000 + "</a>" * 50_000 + "</ClinicalDocument>").encode(),
        papers.docx("<w:p>" * 30_000 + "</w:p>" * 30_000),
        b"[x] " * 500_000,
        b"\x0c" * 100_000 + b"a",
    ],
    ids=["html", "tables", "rtf", "list", "xml", "docx", "boxes", "pages"],
)
def test_what_goes_deep_or_on_and_on_ends(content: bytes) -> None:
    try:
        assert isinstance(read.read(content, "fax"), Reading)
    except InputRefused as fault:
        assert "\n" not in str(fault)  # noqa: PT017 - either is right
    assert children() == []


def test_of_two_patients_in_one_fax_the_pages_of_the_other_propose_nothing() -> None:
    papers.tesseract()
    lines = ("HARBOR CLINIC Progress note", "Patient: Jane Roe   DOB 03/04/1980", "Date of service: 10/06/2026")
    mine = "\n".join((*lines, "HbA1c 8.4 % on 10/01/2026"))
    other = mine.replace("Jane Roe", "Owen Brandt").replace("03/04/1980", "11/12/1951").replace("8.4", "10.9")
    pages = [papers.picture(one, wide=1700, high=500) for one in (mine, other, mine.replace("8.4", "8.1"))]
    found = understood(read.read(papers.tiff(*pages)))
    assert (
        found.notes == ("page 2: set aside, it is of another patient (the name differs)",) or "page 2" in found.notes[0]
    )
    assert {one.page for one in found.facts} == {1, 3}


# ---- whatever the bytes are

SEEDS: Final = {
    "pdf": papers.pdf(NOTE, NOTE),
    "docx": papers.docx(papers.paragraph(NOTE) + papers.table([("a", "b")]) + papers.checkbox("c", checked=True)),
    "html": f"<!DOCTYPE html><html><body><table><tr><td>{NOTE}</table><input type=checkbox checked>".encode(),
    "rtf": rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 HbA1c \'a0 8.4 %\par {\b low}\cell\row}",
    "ccda": (HEAD + BODY).encode(),
    "text": NOTE.encode("cp1252"),
    "png": papers.saved(papers.picture("A1c", wide=320, high=200), "PNG"),
    "jpeg": papers.saved(papers.picture("A1c", wide=320, high=200), "JPEG"),
    "tiff": papers.tiff(papers.picture("A1c", wide=320, high=200)),
}


def mutated(content: bytes, chance: np.random.Generator) -> bytes:
    """Return a file with a few bytes changed, struck, doubled or cut off."""
    made = bytearray(content)
    for _ in range(int(chance.integers(1, 13))):
        at, long = int(chance.integers(len(made) or 1)), int(chance.choice((1, 1, 2, 8, 60)))
        match int(chance.integers(5)):
            case 0:
                made[at : at + 1] = chance.bytes(1)
            case 1:
                del made[at : at + long]
            case 2:
                made[at:at] = made[at : at + long] * 3
            case 3:
                made[at : at + long] = chance.bytes(long)
            case _:
                made[at : at + 4] = struct.pack(">I", int(chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF))))
    return bytes(made[: len(made) if chance.random() < 0.7 else int(chance.integers(len(made) or 1)) + 1])


def survives(kind: str, times: int) -> None:
    chance = np.random.default_rng(list(kind.encode()))
    for _ in range(times):
        content = mutated(SEEDS[kind], chance)
        try:
            assert isinstance(read.read(content, "fax"), Reading)
        except InputRefused as fault:
            assert "\n" not in str(fault)  # noqa: PT017 - either is right


@pytest.mark.parametrize("kind", SEEDS)
def test_a_few_damaged_files_of_each_kind_are_refused_or_read(kind: str) -> None:
    survives(kind, 3)


@pytest.mark.slow
@pytest.mark.parametrize("kind", SEEDS)
def test_a_hundred_damaged_files_of_each_kind_are_refused_or_read(kind: str) -> None:
    survives(kind, 100)
    assert children() == []
