"""Counts as bars, each a link to what it counts: for the pages of figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures.svg import LINE, NARROW, TEXT, WIDE, Picture, Table

_PLACE: Final = re.compile(r"/(?![/\\])[!-~]*")
_TALL: Final = 14
_ROW: Final = 24
"""What can be pressed is no less than 24 units high."""
HEADS: Final = ("What", "How many")


class Count(Struct, frozen=True):
    """How many there are of something, and the page that lists them; ``number`` is None where it is not known.

    ``said`` is how the number is written where that is not the number alone, as ``12 of 40``.
    """

    name: str
    number: float | None
    link: str
    said: str | None = None

    @property
    def figure(self) -> str:
        """The number as it is written."""
        return self.said or ("not known" if self.number is None else f"{self.number:,.10g}")


def counts(caption: str, found: Sequence[Count], *, name: str = "counts") -> Picture | None:
    """Draw counts as bars from 0; None where there is none.

    Raises ValueError for a number below 0 and for a link to anywhere else.
    """
    if not found:
        return None
    for one in found:
        if one.number is not None and not 0 <= one.number < float("inf"):
            raise ValueError(f"{one.name}: expected a number from 0 on, found {one.number}")
        if not _PLACE.fullmatch(one.link):
            raise ValueError(f"{one.name}: expected a link to a page of this house, as /queue, found {one.link[:60]!r}")
    wide, narrow = (_drawn(caption, found, width, f"{name}-{width}") for width in (WIDE, NARROW))
    return Picture(wide, narrow, Table(caption, HEADS, tuple((one.name, one.figure) for one in found)))


def _drawn(caption: str, found: Sequence[Count], width: int, name: str) -> Markup:
    most = max((one.number or 0 for one in found), default=0) or 1
    beside = width == WIDE
    named = min(max(svg.wide(one.name, TEXT) for one in found) + 8, width * 0.45) if beside else 0.0
    figures = max(svg.wide(one.figure, TEXT) for one in found) + 10
    room = max(width - named - figures - 6, 20)
    y = 4.0
    drawn = []
    for one in found:
        parts = []
        if beside:
            parts.append(svg.text(2, y + LINE, svg.short(one.name, named - 6, TEXT), font_size=TEXT))
        else:
            parts.append(svg.text(2, y + LINE - 3, svg.short(one.name, width - 4, TEXT), font_size=TEXT))
            y += LINE
        long = (one.number or 0) / most * room
        look = {"fill": "none", "stroke_dasharray": "3 2"} if one.number is None else {"fill_opacity": 0.6}
        shown = max(long, 2) if one.number is None or one.number else 1
        parts.append(svg.box(named + 2, y + 4, shown, _TALL, stroke=svg.INK, stroke_width=1, **look))
        fits = svg.short(one.figure, width - named - shown - 10, TEXT)
        parts.append(svg.text(named + shown + 8, y + LINE, fits, font_size=TEXT))
        ground = svg.box(0, y - (0 if beside else LINE), width, _ROW + (0 if beside else LINE), fill_opacity=0)
        drawn.append(
            svg.element("a", ground, *parts, href=one.link, aria_label=f"{one.name}: {one.figure}", class_="count")
        )
        y += _ROW + 2
    says = caption, "; ".join(f"{one.name}: {one.figure}" for one in found)
    return svg.root(name, (width, y + 2), says, *drawn, role="group")
