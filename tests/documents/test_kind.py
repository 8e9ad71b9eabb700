"""What a file is, by what is in it."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from priorauth.documents.kind import kind_of
from priorauth.errors import InputRefused
from tests.documents import papers

CCDA = '<?xml version="1.0"?>\n<!-- a note -->\n<ClinicalDocument xmlns="urn:hl7-org:v3">'
FILES = [
    ("pdf", papers.pdf("a")),
    ("pdf", b"\n\n junk before\n%PDF-1.7\n\x00\x01"),
    ("png", papers.saved(Image.new("L", (5, 5)), "PNG")),
    ("jpeg", papers.saved(Image.new("L", (5, 5)), "JPEG")),
    ("gif", papers.saved(Image.new("L", (5, 5)), "GIF")),
    ("tiff", papers.tiff(Image.new("L", (5, 5)))),
    ("html", b"<!DOCTYPE html><p>a"),
    ("html", b"\xef\xbb\xbf  <HTML><body>"),
    ("html", "<html><body>é".encode("utf-16")),
    ("rtf", rb"{\rtf1 a}"),
    ("docx", papers.docx(papers.paragraph("a"))),
    ("ccda", CCDA.encode()),
    ("ccda", CCDA.encode("utf-16")),
    ("ccda", CCDA.replace("ClinicalDocument", "cda:ClinicalDocument").encode()),
    ("text", b"HbA1c < 7.0 %\n"),
    ("text", "HbA1c".encode("utf-16")),
    ("text", "Größe".encode("cp1252")),
    ("text", b"BM regular, no blood. MZ twins."),
]


@pytest.mark.parametrize(("kind", "content"), FILES)
def test_a_file_is_what_is_in_it_whatever_it_is_called(kind: str, content: bytes) -> None:
    assert kind_of(content, "letter.exe") == kind


def zipped(name: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as held:
        held.writestr(name, "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"\x00 \n\x00", "the file is empty"),
        (zipped("xl/workbook.xml"), "found a zip: send what is in it"),
        (b"PK\x03\x04 broken", "found a zip that cannot be opened"),
        (b"\xd0\xcf\x11\xe0\x00\x00", "found an old Office document: save it as DOCX or PDF"),
        (b"\x7fELF\x00\x01", "found a program"),
        (b"\x00\x00\x00\x18ftypheic\x00", "found a HEIC picture or a film"),
        (b"RIFF\x00\x00\x00\x00WEBP", "found a WebP picture"),
        (b"<?xml version='1.0'?><invoice/>", "found other XML"),
        (bytes(range(256)) * 20, "expected a PDF, a picture"),
    ],
)
def test_what_is_not_read_is_refused_in_one_line(content: bytes, said: str) -> None:
    with pytest.raises(InputRefused, match=said) as refused:
        kind_of(content, "fax.pdf")
    assert str(refused.value).startswith("fax.pdf: ")
    assert "\n" not in str(refused.value)


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_they_have_a_kind_or_are_refused(content: bytes) -> None:
    try:
        assert kind_of(content, "x")
    except InputRefused as refused:
        assert "\n" not in str(refused)  # noqa: PT017 - either is right
