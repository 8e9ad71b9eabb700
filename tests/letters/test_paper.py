"""A page becomes a tagged PDF of always the same bytes, and fetches nothing."""

import io
import re
import sys
from ctypes.util import find_library

import pytest
from pypdf import PdfReader
from pypdf.generic import BooleanObject

from priorauth.letters import paper
from priorauth.letters.templates import FOLDER
from tests.parts import need

PAGE = (
    '<html lang="en"><head><title>A title</title><style>@font-face{font-family:Letter;'
    "src:url(letters:AtkinsonHyperlegibleNext-Regular.ttf)} body{font:12pt Letter}</style></head>"
    "<body><h1>Head</h1><p>Words</p>%s</body></html>"
)


@pytest.fixture(autouse=True)
def _pango() -> None:
    need(find_library("pango-1.0"), paper.PANGO)


def test_the_same_page_gives_the_same_bytes() -> None:
    assert paper.pdf(PAGE % "", b"1" * 16) == paper.pdf(PAGE % "", b"1" * 16)


def test_a_pdf_is_tagged_has_its_title_its_language_and_says_that_it_is_pdf_ua() -> None:
    made = PdfReader(io.BytesIO(paper.pdf(PAGE % "", b"1" * 16)))
    root = made.root_object
    assert root["/MarkInfo"]["/Marked"] == BooleanObject(True)  # type: ignore[index]  # a dictionary of the PDF
    assert str(root["/Lang"]) == "en"
    assert made.metadata is not None
    assert made.metadata.title == "A title"
    assert 'pdfuaid:part="1"' in root["/Metadata"].get_data().decode()  # type: ignore[attr-defined]  # a stream
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == BooleanObject(True)  # type: ignore[index]  # the same


def test_the_font_is_the_one_that_stands_beside_the_module() -> None:
    made = PdfReader(io.BytesIO(paper.pdf(PAGE % "", b"1" * 16)))
    fonts = made.pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # a dictionary of the PDF
    assert ["Letter" in str(font.get_object()["/BaseFont"]) for font in fonts.values()] == [True, True]


@pytest.mark.parametrize("url", ["https://example.org/a.png", "file:///etc/passwd", "letters:../make.py", "a.png"])
def test_a_page_that_asks_for_anything_else_is_refused(url: str) -> None:
    with pytest.raises(paper.PaperFault, match="fetches nothing"):
        paper.pdf(PAGE % f'<img alt="x" src="{url}">', b"1" * 16)


def test_where_the_extra_is_not_installed_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(paper.PaperFault) as said:
        paper.pdf(PAGE % "", b"1" * 16)
    assert str(said.value) == "letters need the extra `letters`: pip install 'priorauth[letters]'"


def test_the_figures_before_the_points_of_a_list_are_read_as_they_look() -> None:
    css = (FOLDER / "letter.css").read_text("utf-8")
    html = f"<head><title>T</title><style>{css}</style></head><body><ol>{'<li>x</li>' * 10}</ol></body>"
    (only,) = PdfReader(io.BytesIO(paper.pdf(html, b"1" * 16))).pages
    assert re.findall(r"\w+(?=\. )", only.extract_text()) == [str(number) for number in range(1, 11)]


def test_characters_that_the_fonts_lack_are_named() -> None:
    assert list(paper.unprintable("Añb ữ 中")) == ["ữ", "中"]
