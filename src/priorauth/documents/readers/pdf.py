"""PDF: the text of a page with the place of each word; a page that has none is drawn and recognised.

Nothing of a PDF is run, fetched or opened beside: no script, no action, no file within.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from priorauth.documents.pages import Page
from priorauth.documents.readers.layout import Placed, Sheet, page_of
from priorauth.documents.readers.picture import SHOWN_HIGH, SHOWN_WIDE, png
from priorauth.documents.readers.recognise import MOST_PIXELS, recognised

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

POINTS: Final = 72
_FINE: Final = 200
"""In how many points an inch a page is drawn to be recognised."""
_ENOUGH: Final = 20
"""A page with fewer letters than these, and a picture on it, is a scan with a mark or two."""
_SENSE: Final = 0.85
"""Of the signs of a text at least so many are letters, digits and marks that people write; else it is no text."""
_MARKS: Final = frozenset(" \t\n.,;:!?'\"()[]{}<>/\\|+-=_*&%$#@~^`°µμ±≤≥×·•–—’‘“”…☐☑☒✓✔✗✘□■▪●○½¼¾²³®™©§")  # noqa: RUF001 - as written


class PdfFault(Exception):
    """A PDF cannot be read; the text says why."""


def opened(content: bytes) -> PdfDocument:
    """Open a PDF; raises PdfFault."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        found = PdfDocument(content)
    except PdfiumError as fault:
        said = str(fault).lower()
        if "password" in said or "security" in said:
            raise PdfFault("the PDF is locked with a password") from None
        raise PdfFault("the PDF is damaged: it cannot be opened") from None
    if not len(found):
        raise PdfFault("the PDF has no pages")
    return found


def pages(content: bytes, most: int) -> Iterator[Page | str]:
    """Yield the pages of a PDF, and what is to be said of it; raises PdfFault."""
    document = opened(content)
    if len(document) > most:
        yield f"the first {most} of {len(document)} pages were read"
    for number in range(1, min(len(document), most) + 1):
        yield from page(document, number)


def page(document: PdfDocument, number: int) -> Iterator[Page | str]:
    """Yield a page, or why it could not be read."""
    from pypdfium2 import PdfiumError

    try:
        held = document[number - 1]
        words, pictured = _words(held), _pictured(held)
    except PdfiumError:
        yield f"page {number} is damaged"
        return
    text = "".join(word.text for word in words)
    if text and _sense(text) and not (len(text) < _ENOUGH and pictured):
        width, height = held.get_size()
        yield page_of(number, words, Sheet(width, height, (width, height)))
    elif pictured or text:
        fine = _fineness(held)
        yield recognised(drawn(held, fine), number, fine)
    else:
        width, height = held.get_size()
        yield page_of(number, [], Sheet(width, height, (width, height)))
    held.close()


def drawing(content: bytes, number: int) -> bytes | None:
    """Return a page as PNG; None where there is none. Raises PdfFault."""
    from pypdfium2 import PdfiumError

    document = opened(content)
    if not 0 < number <= len(document):
        return None
    try:
        held = document[number - 1]
        wide, high = held.get_size()
        scale = min(SHOWN_WIDE / max(wide, 1.0), SHOWN_HIGH / max(high, 1.0))
        return png(held.render(scale=scale).to_pil())
    except PdfiumError:
        raise PdfFault(f"page {number} is damaged") from None


def drawn(held: PdfPage, fine: float) -> Image:
    """Draw a page, so many points an inch."""
    made: Image = held.render(scale=fine / POINTS, grayscale=True).to_pil()
    return made


def _fineness(held: PdfPage) -> float:
    """Return in how many points an inch a page is drawn: few enough that a huge page stays within limits."""
    width, height = held.get_size()
    most = (MOST_PIXELS / max(float(width) * float(height), 1.0)) ** 0.5 * POINTS
    return float(min(_FINE, most))


def _pictured(held: PdfPage) -> bool:
    """Whether a picture stands on a page."""
    from pypdfium2 import raw

    return any(one.type in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM) for one in held.get_objects(max_depth=3))


def _words(held: PdfPage) -> list[Placed]:
    """Return the words of a page where they stand as it is looked at: turned as the page says."""
    text = held.get_textpage()
    left, bottom, right, top = held.get_mediabox()
    turn = held.get_rotation()
    found: list[Placed] = []
    letters, box = "", [0.0, 0.0, 0.0, 0.0]
    for place, sign in enumerate(_signs(text)):
        if sign.isspace() or not sign:
            if letters:
                found.append(_turned(letters, box, (left, bottom, right, top), turn))
            letters = ""
            continue
        at = text.get_charbox(place, loose=True)
        if letters and not _follows(box, at):
            found.append(_turned(letters, box, (left, bottom, right, top), turn))
            letters = ""
        box = _joined(box, at) if letters else list(at)
        letters += sign
    if letters:
        found.append(_turned(letters, box, (left, bottom, right, top), turn))
    text.close()
    return found


def _signs(text) -> Iterator[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - of a library that is loaded here
    """Yield the signs of a page, one for each place of which a box can be asked."""
    from pypdfium2 import raw

    for place in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, place)
        try:
            yield chr(code) if code else " "
        except (ValueError, OverflowError):
            yield "\ufffd"


def _follows(box: list[float], at: tuple[float, float, float, float]) -> bool:
    """Whether a sign stands on the line of the word before it, near enough to be of it."""
    high = max(box[3] - box[1], at[3] - at[1], 0.1)
    level = min(box[3], at[3]) - max(box[1], at[1]) > 0.3 * high or at[2] <= at[0]
    return level and -0.5 * high < at[0] - box[2] < 0.7 * high


def _joined(box: list[float], at: tuple[float, float, float, float]) -> list[float]:
    return [min(box[0], at[0]), min(box[1], at[1]), max(box[2], at[2]), max(box[3], at[3])]


def _turned(text: str, box: list[float], media: tuple[float, ...], turn: int) -> Placed:
    """Return a word with its place from the upper left corner of the page as it is looked at."""
    left, bottom, right, top = media
    one, two, three, four = box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom
    wide, high = right - left, top - bottom
    match turn % 360:
        case 90:
            return Placed(text, two, one, four, three)
        case 180:
            return Placed(text, wide - three, two, wide - one, four)
        case 270:
            return Placed(text, high - four, wide - three, high - two, wide - one)
        case _:
            return Placed(text, one, high - four, three, high - two)


def _sense(text: str) -> bool:
    """Whether a text is one that people read: not the marks of a font that does not say what they mean."""
    good = sum(sign.isalnum() or sign in _MARKS for sign in text)
    strange = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in text)
    return good >= _SENSE * len(text) and strange <= 0.1 * len(text)
