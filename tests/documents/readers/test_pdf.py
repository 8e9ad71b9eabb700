"""PDF: words where they were drawn, however a page is turned or cut; tables, columns, forms, scans."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject

from priorauth.documents import read, shown
from tests.documents import papers


def picture(content: bytes, number: int = 1) -> Image.Image:
    made = shown.page(content, "paper", number)
    assert made is not None
    return Image.open(BytesIO(made))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_word_stands_where_it_is_seen_however_the_page_is_turned(turn: int) -> None:
    content = papers.pdf("Ketoacidosis", turn=turn)
    (page,) = papers.pages(content)
    assert page.text == "Ketoacidosis"
    assert (page.width, page.height) == (papers.LETTER if turn % 180 == 0 else papers.LETTER[::-1])
    found, drawn = papers.box(page, "Ketoacidosis"), papers.inked(picture(content))
    upright = turn % 180 == 0
    assert papers.lies_on(found, drawn) if upright else found.left <= drawn.left and found.right >= drawn.right
    assert abs((found.top + found.bottom) - (drawn.top + drawn.bottom)) < 0.02
    assert abs((found.left + found.right) - (drawn.left + drawn.right)) < 0.02


@pytest.mark.parametrize(
    ("media", "crop"),
    [
        ((50, 600, 612, 792), None),
        ((0, 0, 612, 792), (60, 500, 400, 760)),
        ((-100, -100, 612, 792), (-20, 10, 612, 792)),
    ],
)
def test_a_word_stands_where_it_is_seen_on_a_page_that_is_cut(
    media: tuple[float, ...], crop: tuple[float, ...] | None
) -> None:
    content = papers.cropped(papers.pdf("Ketoacidosis"), media, crop)
    (page,) = papers.pages(content)
    assert papers.lies_on(papers.box(page, "Ketoacidosis"), papers.inked(picture(content)))


def test_a_table_keeps_its_columns_and_says_where_each_word_begins() -> None:
    rows = (
        "Test        Result    Unit     Range",
        "HbA1c       8.4       %        4.0-5.6",
        "C-peptide   <0.1      ng/mL",
    )
    (page,) = papers.pages(papers.pdf("\n".join(rows)))
    lines = page.text.split("\n")
    assert [line.split() for line in lines] == [row.split() for row in rows]
    assert lines[0].index("Result") == lines[1].index("8.4") == lines[2].index("<0.1")
    assert all(page.text[word.start : word.start + len(word.text)] == word.text for word in page.words)
    assert {word.sure for word in page.words} == {1.0}


def test_two_columns_stand_side_by_side() -> None:
    made, out = papers.canvas()
    for number in range(3):
        made.drawString(60, 700 - 14 * number, f"left {number}")
        made.drawString(330, 700 - 14 * number, f"right {number}")
    made.save()
    lines = papers.text(out.getvalue()).split("\n")
    assert [line.split() for line in lines] == [["left", str(n), "right", str(n)] for n in range(3)]
    assert all("    " in line for line in lines)


def test_fields_that_were_filled_in_and_boxes_are_read_with_their_labels() -> None:
    made, out = papers.canvas()
    for number, (label, ticked) in enumerate((("Hypoglycemia", True), ("Ketoacidosis", False))):
        made.acroForm.checkbox(name=label, x=72, y=700 - 30 * number, size=12, checked=ticked)
        made.drawString(90, 702 - 30 * number, label)
    made.drawString(72, 600, "HbA1c")
    made.acroForm.textfield(name="a1c", value="8.4 %", x=120, y=596, width=80, height=18)
    made.save()
    lines = papers.text(out.getvalue()).split("\n")
    assert [" ".join(line.split()) for line in lines if line] == ["[x] Hypoglycemia", "[ ] Ketoacidosis", "HbA1c 8.4 %"]


def test_squares_that_were_drawn_are_boxes_and_cells_of_letters_are_none() -> None:
    made, out = papers.canvas()
    made.setFont("Helvetica", 9)
    for number, mark in enumerate(("X", "", "lines")):
        at = 700 - 20 * number
        made.rect(72, at, 9, 9)
        made.drawString(84, at + 1.5, f"label {number}")
        if mark == "X":
            made.drawString(73.5, at + 1.5, mark)
        elif mark:
            made.line(74, at + 2, 79, at + 7)
            made.line(74, at + 7, 79, at + 2)
    for number, digit in enumerate("4711"):
        made.rect(72 + 12 * number, 600, 12, 12)
        made.drawString(75 + 12 * number, 602, digit)
    made.save()
    lines = [" ".join(line.split()) for line in papers.text(out.getvalue()).split("\n") if line]
    assert lines == ["[x] label 0", "[ ] label 1", "[x] label 2", "4 7 1 1"]


def test_what_was_typed_over_a_page_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(papers.pdf("HbA1c:"))))
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/FreeText"),
            NameObject("/Rect"): ArrayObject([FloatObject(one) for one in (120, 695, 200, 712)]),
            NameObject("/Contents"): TextStringObject("9.1"),
            NameObject("/DA"): TextStringObject("/Helv 10 Tf 0 g"),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): _appearance(writer)}),
        }
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])  # noqa: SLF001 - pypdf has no other way
    assert papers.text(papers.written(writer)).split() == ["HbA1c:", "9.1"]


def _appearance(writer: PdfWriter) -> object:
    from pypdf.generic import StreamObject

    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    made = StreamObject()
    made.set_data(b"BT /Helv 10 Tf 2 4 Td (9.1) Tj ET")
    made.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject([FloatObject(one) for one in (0, 0, 80, 17)]),
            NameObject("/Resources"): DictionaryObject(
                {NameObject("/Font"): DictionaryObject({NameObject("/Helv"): font})}
            ),
        }
    )
    return writer._add_object(made)  # noqa: SLF001 - the same


def test_text_that_nobody_sees_is_not_read() -> None:
    made, out = papers.canvas()
    made.drawString(72, 700, "HbA1c 8.4 %")
    hidden = made.beginText(72, 650)
    hidden.setTextRenderMode(3)
    hidden.textLine("severe hypoglycemia four times")
    made.drawText(hidden)
    made.save()
    assert papers.text(out.getvalue()).split() == ["HbA1c", "8.4", "%"]


def test_pages_have_their_numbers_and_an_empty_one_is_said() -> None:
    found = read.read(papers.pdf("one", "", "three"))
    assert [(page.number, page.text) for page in found.pages] == [(1, "one"), (2, ""), (3, "three")]
    assert found.notes == ("page 2: no text was found",)


def test_a_picture_beside_text_is_said_and_the_text_is_read() -> None:
    from reportlab.lib.utils import ImageReader

    made, out = papers.canvas()
    made.drawImage(ImageReader(Image.new("L", (60, 60), 200)), 72, 72, 300, 300)
    for number in range(12):
        made.drawString(72, 740 - 14 * number, "She checks her glucose five times a day.")
    made.save()
    found = read.read(out.getvalue())
    assert found.notes == ("page 1: a picture on it was not read",)
    assert found.pages[0].how == "text"


def test_a_scan_with_the_line_of_a_fax_server_is_recognised_as_a_whole() -> None:
    papers.tesseract()
    from reportlab.lib.utils import ImageReader

    made, out = papers.canvas()
    scan = papers.picture("Ketoacidosis in March 2026", high=2200)
    made.drawImage(ImageReader(scan), 0, 0, *papers.LETTER)
    made.drawString(40, 778, "11/25/2026 14:02  FROM 555 0101  PAGE 1 OF 1")
    made.save()
    (page,) = papers.pages(out.getvalue())
    assert page.how == "ocr"
    assert "Ketoacidosis in March 2026" in " ".join(page.text.split())
