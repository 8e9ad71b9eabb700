"""The boxes of a form in a PDF, ticked or empty: those that were drawn, and fields that are filled in.

A text has them as ``[x]`` and ``[ ]``: one word, with its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfObject, PdfPage

TICKED: Final = "[x]"
EMPTY: Final = "[ ]"
MARKS: Final = frozenset("xX✓✔✕✖✗✘√*●•■☒☑")
"""What stands in a box that is ticked."""
_SMALL, _LARGE = 6.0, 18.0
"""How many points wide and high a box is."""
_UNEQUAL: Final = 1.3
_MOST: Final = 20_000
"""So many things on a page are looked at."""
_HIDDEN: Final = 0b100010
"""Of the flags of a field those that say that it is not shown."""
_NEAR: Final = 1.5
_ROW: Final = 8.0

Corners = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the lower left corner, as PDF has it."""


@dataclass
class Square:
    """A box: where it stands, whether it is a field of the PDF, and whether it is ticked."""

    at: Corners
    field: bool
    ticked: bool = False
    other: bool = False
    """Whether a word stands in it: then it is a cell, and no box to tick."""

    @property
    def text(self) -> str:
        """As a text has it."""
        return TICKED if self.ticked else EMPTY


def squares(document: PdfDocument, held: PdfPage) -> list[Square]:
    """Return the boxes of a page, before its text is looked at."""
    found = list(_fields(document, held))
    drawn = [one for one in _drawn(held) if not any(_within(one.at, field.at, 2 * _NEAR) for field in found)]
    return found + [one for one in drawn if not _in_a_row(one, drawn)]


def marked(signs: Iterable[tuple[str, Corners | None]], found: list[Square]) -> list[tuple[str, Corners | None]]:
    """Return the signs of a page without those that stand in boxes, which are ticked by them."""
    rows = _rows(found)
    told = [(sign, at, None if at is None else _square(at, rows)) for sign, at in signs]
    for sign, _, square in told:
        if square is not None and not square.field:
            square.ticked |= sign in MARKS
            square.other |= sign not in MARKS
    found[:] = [one for one in found if not one.other]
    return [(sign, at) if square is None or square.other else (" ", None) for sign, at, square in told]


def _rows(found: list[Square]) -> dict[int, list[Square]]:
    rows: dict[int, list[Square]] = defaultdict(list)
    for one in found:
        for row in range(int(one.at[1] // _ROW), int(one.at[3] // _ROW) + 1):
            rows[row].append(one)
    return rows


def _square(at: Corners, rows: dict[int, list[Square]]) -> Square | None:
    """Return the box in which the middle of a sign lies."""
    x, y = (at[0] + at[2]) / 2, (at[1] + at[3]) / 2
    for one in rows.get(int(y // _ROW), ()):
        if one.at[0] <= x <= one.at[2] and one.at[1] <= y <= one.at[3]:
            return one
    return None


def _fields(document: PdfDocument, held: PdfPage) -> Iterator[Square]:
    """Yield the check boxes and radio buttons of a page that are shown."""
    from pypdfium2 import raw

    if document.formenv is None:
        return
    box, kinds = raw.FS_RECTF(), (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON)
    for number in range(min(raw.FPDFPage_GetAnnotCount(held), _MOST)):
        one = raw.FPDFPage_GetAnnot(held, number)
        if not one:
            continue
        kind = raw.FPDFAnnot_GetFormFieldType(document.formenv, one)
        if kind in kinds and not raw.FPDFAnnot_GetFlags(one) & _HIDDEN and raw.FPDFAnnot_GetRect(one, box):
            ticked = bool(raw.FPDFAnnot_IsChecked(document.formenv, one))
            yield Square((box.left, box.bottom, box.right, box.top), field=True, ticked=ticked)
        raw.FPDFPage_CloseAnnot(one)


def _drawn(held: PdfPage) -> list[Square]:
    """Return the boxes that are drawn on a page; one in which something else is drawn is ticked."""
    from pypdfium2 import PdfiumError, raw

    found: list[Square] = []
    inside: list[tuple[Corners, bool]] = []
    for one in islice(held.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1), _MOST):
        try:
            at = one.get_bounds()
        except PdfiumError:
            continue
        wide, high = at[2] - at[0], at[3] - at[1]
        if max(wide, high) > _LARGE:
            continue
        slanted = _slanted(one)
        square = min(wide, high) >= _SMALL and max(wide, high) <= _UNEQUAL * min(wide, high)
        if square and not slanted and _outlined(one):
            found.append(Square(at, field=False))
            continue
        inside.append((at, slanted))
    outer = [one for one in found if not any(other is not one and _around(other.at, one.at) for other in found)]
    for one in outer:
        room = 0.7 * (one.at[2] - one.at[0])
        one.ticked = any(
            _within(at, one.at, _NEAR) and (slanted or at[2] - at[0] < room) and max(at[2] - at[0], at[3] - at[1]) > 2.0  # noqa: PLR2004 - points: a mark, not a speck
            for at, slanted in inside
        )
    return outer


def _outlined(path: PdfObject) -> bool:
    """Whether a path is drawn as a line, and not filled black."""
    from ctypes import c_int, c_uint

    from pypdfium2 import raw

    fill, stroke = c_int(), c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke):
        return False
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    if fill.value and raw.FPDFPageObj_GetFillColor(path, red, green, blue, alpha):
        light = red.value + green.value + blue.value > 3 * 0xC0
        return light and bool(stroke.value)
    return bool(stroke.value)


def _slanted(path: PdfObject) -> bool:
    """Whether a path has a straight line that is neither level nor upright."""
    from ctypes import c_float

    from pypdfium2 import raw

    x, y = c_float(), c_float()
    last: tuple[float, float] | None = None
    for number in range(min(raw.FPDFPath_CountSegments(path), 200)):
        part = raw.FPDFPath_GetPathSegment(path, number)
        if not part or not raw.FPDFPathSegment_GetPoint(part, x, y):
            return False
        at = (x.value, y.value)
        straight = raw.FPDFPathSegment_GetType(part) == raw.FPDF_SEGMENT_LINETO
        if straight and last is not None and min(abs(at[0] - last[0]), abs(at[1] - last[1])) > 1.0:
            return True
        last = at
    return False


def _in_a_row(one: Square, others: list[Square]) -> bool:
    """Whether a box shares a side with one beside it: a row of cells, a letter in each."""
    return any(
        other is not one
        and abs(other.at[1] - one.at[1]) < _NEAR
        and min(abs(other.at[0] - one.at[2]), abs(one.at[0] - other.at[2])) < _NEAR
        for other in others
    )


def _within(at: Corners, other: Corners, room: float) -> bool:
    return (
        at[0] >= other[0] - room and at[1] >= other[1] - room and at[2] <= other[2] + room and at[3] <= other[3] + room
    )


def _around(other: Corners, one: Corners) -> bool:
    """Whether a box lies around another, which is smaller."""
    return _within(one, other, 0.5) and other[2] - other[0] > one[2] - one[0]
