"""Files as they come with a request, made by the tests themselves."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.pdfgen.canvas import Canvas

from priorauth.documents import read
from priorauth.documents.pages import Box, Page
from tests.parts import need

DPI: Final = 200
LETTER: Final = (612.0, 792.0)


def tesseract() -> None:
    """Let a test go on where scans can be read."""
    need(shutil.which("tesseract"), "scans are read with tesseract: apt install tesseract-ocr")


# ---- PDF


def canvas(size: tuple[float, float] = LETTER) -> tuple[Canvas, BytesIO]:
    out = BytesIO()
    return Canvas(out, pagesize=size, invariant=1), out


def pdf(*pages: str, turn: int = 0, size: float = 10, face: str = "Courier") -> bytes:
    """Return a PDF with a text layer, a text a page."""
    made, out = canvas()
    for text in pages:
        made.setFont(face, size)
        for number, line in enumerate(text.split("\n")):
            made.drawString(72, 700 - number * 1.3 * size, line)
        made.showPage()
    made.save()
    if not turn:
        return out.getvalue()
    writer = PdfWriter(clone_from=PdfReader(out))
    for page in writer.pages:
        page.rotate(turn)
    return written(writer)


def cropped(content: bytes, media: tuple[float, ...], crop: tuple[float, ...] | None = None) -> bytes:
    """Return a PDF with other boxes: left, bottom, right, top."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(content)))
    for page in writer.pages:
        page.mediabox = RectangleObject(media)
        page.cropbox = RectangleObject(crop or media)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def objects(*bodies: bytes, root: int = 1) -> bytes:
    """Return a PDF of objects as they are given, from 1 on, with a table of where they stand."""
    made = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    at = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, root, at)


def stream(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (head, len(content), content)


# ---- pictures


def picture(text: str, *, size: int = 28, wide: int = 1700, high: int = 700) -> Image.Image:
    """Return a page as a scanner gives it, 200 points an inch, its lines from the upper left on."""
    made = Image.new("L", (wide, high), 255)
    font = ImageFont.load_default(size=size)  # its spaces are narrow
    ImageDraw.Draw(made).multiline_text((150, 120), text.replace(" ", "  "), fill=0, font=font, spacing=18)
    return made


def saved(made: Image.Image, form: str, **more: object) -> bytes:
    out = BytesIO()
    made.save(out, form, **more)
    return out.getvalue()


def tiff(*pages: Image.Image, compression: str = "group4") -> bytes:
    first, *rest = [page.convert("1") for page in pages]
    return saved(first, "TIFF", save_all=True, append_images=rest, compression=compression, dpi=(DPI, DPI))


def scanned(*pages: Image.Image) -> bytes:
    """Return a PDF of pictures, with no text."""
    first, *rest = pages
    return saved(first, "PDF", save_all=True, append_images=rest, resolution=DPI)


# ---- DOCX

_WORD: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:{root} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">{body}</w:{root}>'
)
_TYPES: Final = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS: Final = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def checkbox(label: str, *, checked: bool) -> str:
    sign, state = ("\u2612", "1") if checked else ("\u2610", "0")
    return (
        f'<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{state}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{sign}</w:t></w:r></w:sdtContent></w:sdt>"
        f'<w:r><w:t xml:space="preserve"> {label}</w:t></w:r></w:p>'
    )


def table(rows: Iterable[Sequence[str]]) -> str:
    made = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in made)}</w:tbl>"


def docx(body: str, margins: Mapping[str, str] | None = None, doctype: str = "") -> bytes:
    """Return a DOCX; ``margins``: ``header1`` and the like, with their paragraphs."""
    out = BytesIO()
    document = _WORD.format(root="document", body=f"<w:body>{body}</w:body>").replace("?>", f"?>{doctype}", 1)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("[Content_Types].xml", _TYPES)
        held.writestr("_rels/.rels", _RELATIONS)
        held.writestr("word/document.xml", document)
        for name, paragraphs in (margins or {}).items():
            held.writestr(f"word/{name}.xml", _WORD.format(root=name[:2] + "dr", body=paragraphs))
    return out.getvalue()


# ---- what was read


def pages(content: bytes) -> tuple[Page, ...]:
    return read.read(content).pages


def text(content: bytes) -> str:
    return read.read(content).text


def box(page: Page, word: str) -> Box:
    """Return where a word of a page stands."""
    (found,) = [one.box for one in page.words if one.text == word]
    assert found is not None
    return found


def inked(made: Image.Image, region: Box | None = None) -> Box:
    """Return the rectangle around what is dark of a picture, or of a region of it, as parts of the whole."""
    dark = np.asarray(made.convert("L")) < 128
    high, wide = dark.shape
    if region is not None:
        kept = np.zeros_like(dark)
        part = np.s_[
            int(region.top * high) : int(region.bottom * high) + 1,
            int(region.left * wide) : int(region.right * wide) + 1,
        ]
        kept[part] = dark[part]
        dark = kept
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    assert rows.size
    return Box(columns[0] / wide, rows[0] / high, (columns[-1] + 1) / wide, (rows[-1] + 1) / high)


def lies_on(found: Box, drawn: Box, room: float = 0.01) -> bool:
    """Whether a box lies on what was drawn: its sides no further from it than a part of the page."""
    beside = max(abs(found.left - drawn.left), abs(found.right - drawn.right)) <= room
    return beside and found.top <= drawn.top + room and found.bottom >= drawn.bottom - room
