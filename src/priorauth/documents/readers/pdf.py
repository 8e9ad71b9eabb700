"""PDF: the text of a page with the place of each word; a page that has none is drawn and recognised.

Nothing of a PDF is run, fetched or opened beside: no script, no action, no file within.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from priorauth.documents.pages import Page, unread
from priorauth.documents.readers import recognise, signs, squares
from priorauth.documents.readers.layout import Placed, Sheet, page_of
from priorauth.documents.readers.picture import SHOWN_HIGH, png
from priorauth.documents.readers.squares import Corners, Square

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

_FINE: Final = 200
"""In how many points an inch a page is drawn to be recognised."""
_FEW: Final = 300
"""A page with fewer letters than these, most of it a picture, is a scan with a line or two of a fax server's."""
_MOST_OF_IT: Final = 0.4
_SOME_OF_IT: Final = 0.15
"""A picture that takes so much of a page of text may hold words."""
_SENSE: Final = 0.85
"""Of the signs of a text at least so many are letters, digits and marks that people write; else it is no text."""
_MARKS: Final = frozenset(" \t\n.,;:!?'\"()[]{}<>/\\|+-=_*&%$#@~^`°µμ±≤≥×·•–—’‘“”…☐☑☒✓✔✗✘□■▪●○½¼¾²³®™©§")  # noqa: RUF001 - as written
_MOST_SIGNS: Final = 200_000
"""A page has no more signs than these."""


class PdfFault(Exception):
    """A PDF cannot be read; the text says why."""


def opened(content: bytes) -> PdfDocument:
    """Open a PDF; raises PdfFault."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        found = PdfDocument(content)
        found.init_forms()
    except PdfiumError as fault:
        said = str(fault).lower()
        if "password" in said or "security" in said:
            raise PdfFault("the PDF is locked with a password") from None
        raise PdfFault("the PDF is damaged: it cannot be opened") from None
    if not len(found):
        raise PdfFault("the PDF has no pages")
    return found


def count(content: bytes) -> int:
    """Return how many pages a PDF has; raises PdfFault."""
    return len(opened(content))


def pages(content: bytes, wanted: range) -> Iterator[Page | str]:
    """Yield pages of a PDF, and what is to be said of it; raises PdfFault."""
    document = opened(content)
    yield from unread(len(document), wanted)
    for number in range(wanted.start, min(len(document) + 1, wanted.stop)):
        yield from page(document, number)


def page(document: PdfDocument, number: int) -> Iterator[Page | str]:
    """Yield a page, and why it could not be read: then it is empty."""
    from pypdfium2 import PdfiumError

    try:
        held = document[number - 1]
        width, height = held.get_size()
        pictured, found = _pictured(held), squares.squares(document, held)
        held = _flat(document, held, number)
        words = _words(held, found)
    except PdfiumError:
        yield f"page {number} is damaged"
        yield Page(number=number, text="")
        return
    sheet = Sheet(width, height, (width, height))
    if _told("".join(word.text for word in words), pictured):
        if pictured > _SOME_OF_IT:
            yield f"page {number}: a picture on it was not read"
        yield page_of(number, [*words, *(_placed(one.text, one.at, held) for one in found)], sheet)
    elif pictured or words:
        yield from _recognised(held, number, sheet)
    else:
        yield page_of(number, [], sheet)
    held.close()


def _flat(document: PdfDocument, held: PdfPage, number: int) -> PdfPage:
    """Return a page with what was filled in and written over it as part of it."""
    from pypdfium2 import raw

    if (
        not raw.FPDFPage_GetAnnotCount(held)
        or raw.FPDFPage_Flatten(held, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS
    ):
        return held
    held.close()
    return document[number - 1]


def _recognised(held: PdfPage, number: int, sheet: Sheet) -> Iterator[Page | str]:
    fine = _fineness(held)
    try:
        recognise.ready()
        yield recognise.recognised(drawn(held, fine), number, fine)
    except recognise.Unreadable as fault:
        yield f"page {number}: {fault}"
        yield page_of(number, [], sheet)


def _told(text: str, pictured: float) -> bool:
    """Whether the text of a page is what a person sees on it."""
    return bool(text) and _sense(text) and not (len(text) < _FEW and pictured > _MOST_OF_IT)


def drawing(content: bytes, number: int, wide: int) -> bytes | None:
    """Return a page as PNG; None where there is none. Raises PdfFault."""
    from pypdfium2 import PdfiumError

    document = opened(content)
    if not 0 < number <= len(document):
        return None
    try:
        held = document[number - 1]
        across, down = held.get_size()
        scale = min(wide / max(across, 1.0), SHOWN_HIGH / max(down, 1.0))
        return png(held.render(scale=scale).to_pil())
    except PdfiumError:
        raise PdfFault(f"page {number} is damaged") from None


def drawn(held: PdfPage, fine: float) -> Image:
    """Draw a page, so many points an inch."""
    made: Image = held.render(scale=fine / recognise.POINTS, grayscale=True).to_pil()
    return made


def _fineness(held: PdfPage) -> float:
    """Return in how many points an inch a page is drawn: few enough that a huge page stays within limits."""
    width, height = held.get_size()
    most = (recognise.MOST_PIXELS / max(float(width) * float(height), 1.0)) ** 0.5 * recognise.POINTS
    return float(min(_FINE, most))


def _pictured(held: PdfPage) -> float:
    """Return how much of a page its largest picture takes, 0 to 1; one within a form of the PDF may take all of it."""
    from pypdfium2 import PdfiumError, raw

    width, height = held.get_size()
    most = 0.0
    for one in held.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        if one.level:
            return 1.0
        try:
            left, bottom, right, top = one.get_bounds()
        except PdfiumError:
            continue
        most = max(most, (right - left) * (top - bottom) / max(width * height, 1.0))
    return min(most, 1.0)


def _hidden(held: PdfPage) -> bool:
    """Whether a page has text that is not shown: what another program recognised of a scan, or worse."""
    from pypdfium2 import raw

    return any(
        raw.FPDFTextObj_GetTextRenderMode(one) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
        for one in held.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3)
    )


def _words(held: PdfPage, found: list[Square]) -> list[Placed]:
    """Return the words of a page where they stand as it is looked at, without what stands in boxes."""
    text = held.get_textpage()
    words: list[Placed] = []
    letters, at = "", (0.0, 0.0, 0.0, 0.0)
    for sign, place in squares.marked(_signs(text, hidden=_hidden(held)), found):
        if place is None or (letters and not _follows(at, place)):
            if letters:
                words.append(_placed(letters, at, held))
            letters = ""
        if place is not None:
            at = _joined(at, place) if letters else place
            letters += sign
    if letters:
        words.append(_placed(letters, at, held))
    text.close()
    return words


def _placed(text: str, box: Corners, held: PdfPage) -> Placed:
    """Return a word with its place from the upper left corner of the page as it is looked at: turned as it says."""
    left, bottom, right, top = held.get_bbox()
    one, two, three, four = box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom
    wide, high = right - left, top - bottom
    match held.get_rotation() % 360:
        case 90:
            return Placed(text, two, one, four, three)
        case 180:
            return Placed(text, wide - three, two, wide - one, four)
        case 270:
            return Placed(text, high - four, wide - three, high - two, wide - one)
        case _:
            return Placed(text, one, high - four, three, high - two)


def _signs(text, *, hidden: bool) -> Iterator[tuple[str, Corners | None]]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - of a library that is loaded here
    """Yield the signs of a page that are shown, each with its place; a gap has none."""
    from pypdfium2 import raw

    box, unicode, placed = raw.FS_RECTF(), raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    held = text.raw
    for place in range(min(text.count_chars(), _MOST_SIGNS)):
        code = unicode(held, place)
        sign = signs.SIGNS.get(code, "") or (chr(code) if code else " ")
        if sign.isspace() or sign == "\u200b" or not placed(held, place, box) or (hidden and _unseen(held, place)):
            yield " ", None
        else:
            yield ("\ufffd" if "\ud800" <= sign <= "\udfff" else sign), (box.left, box.bottom, box.right, box.top)


def _unseen(text, place: int) -> bool:  # type: ignore[no-untyped-def]  # noqa: ANN001 - of a library that is loaded here
    from pypdfium2 import raw

    one = raw.FPDFText_GetTextObject(text, place)
    return bool(one) and raw.FPDFTextObj_GetTextRenderMode(one) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _follows(box: Corners, at: Corners) -> bool:
    """Whether a sign stands on the line of the word before it, near enough to be of it."""
    high = max(box[3] - box[1], at[3] - at[1], 0.1)
    level = min(box[3], at[3]) - max(box[1], at[1]) > 0.3 * high or at[2] <= at[0]
    return level and -0.5 * high < at[0] - box[2] < 0.7 * high


def _joined(box: Corners, at: Corners) -> Corners:
    return min(box[0], at[0]), min(box[1], at[1]), max(box[2], at[2]), max(box[3], at[3])


def _sense(text: str) -> bool:
    """Whether a text is one that people read: not the marks of a font that does not say what they mean."""
    good = sum(sign.isalnum() or sign in _MARKS for sign in text)
    strange = sum(sign == "\ufffd" or "\ue000" <= sign <= "\uf8ff" for sign in text)
    return good >= _SENSE * len(text) and strange <= 0.1 * len(text)
