"""The shapes of rows in a timeline, and the legend that says what each stands for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures.lanes import Lane, Mark, Shape
from priorauth.workbench.pictures.svg import LINE

HALF: Final = 4.5
"""Half the size of a shape, in units of the paper."""
_NAMES: Final[tuple[tuple[Shape, str], ...]] = (
    ("event", "event"),
    ("value", "value"),
    ("statement", "statement"),
    ("regimen", "regimen or condition"),
)


def shape(mark: Mark, x: float, y: float, *, beyond: bool) -> Markup:
    """Draw a mark around a place: hollow where it does not count; ``beyond``: with a bar beside it, off the days."""
    drawn = outline(mark.shape, x, y, hollow=mark.ground is not None)
    if not beyond:
        return drawn
    side = x - HALF - 2 if x < svg.NARROW / 2 else x + HALF + 2
    return svg.group("beyond", drawn, svg.line(side, y - HALF, side, y + HALF, stroke_width=1))


def outline(one: Shape, x: float, y: float, *, hollow: bool) -> Markup:
    """Draw a shape: a dot, a square, a diamond, a short bar."""
    look: dict[str, str | float] = {"fill": "none" if hollow else svg.INK, "stroke": svg.INK, "stroke_width": 1.2}
    match one:
        case "event":
            return svg.element("circle", cx=x, cy=y, r=HALF - 0.5, **look)
        case "value":
            return svg.box(x - HALF + 0.5, y - HALF + 0.5, 2 * HALF - 1, 2 * HALF - 1, **look)
        case "statement":
            return svg.path([(x, y - HALF), (x + HALF, y), (x, y + HALF), (x - HALF, y)], **look)
        case "regimen":
            return svg.box(x - HALF, y - HALF + 2, 2 * HALF, 2 * HALF - 4, **look)


def legend(found: Sequence[Lane], y: float, width: int, name: str) -> tuple[Markup, float]:
    """Draw what each shape of the lanes stands for, from ``y`` on; with it comes the height at which it ends."""
    used = {mark.shape for lane in found for mark in lane.marks}
    entries = [(_key(one), said) for one, said in _NAMES if one in used]
    if any(mark.ground for lane in found for mark in lane.marks):
        entries.append((_key("value", hollow=True), "hollow: does not count"))
    if any(lane.gaps for lane in found):
        hatched = svg.box(-HALF, -HALF, 9, 9, fill=f"url(#{name}-hatch)", stroke=svg.INK, stroke_width=0.5)
        entries.append((hatched, "hatched: not known"))
    if any(lane.wholes for lane in found):
        entries.append((svg.box(-HALF, -2, 9, 4, fill=svg.INK), "the file is whole"))
    drawn, x, top = [], 4.0, y
    for key, said in entries:
        if x > 4 and x + 16 + svg.wide(said) > width - 4:  # noqa: PLR2004 - the margin of the paper
            x, top = 4.0, top + LINE
        drawn.append(svg.element("g", key, transform=f"translate({x + 5:.1f} {top + 6:.1f})"))
        drawn.append(svg.text(x + 14, top + 10, said))
        x += 14 + svg.wide(said) + 12
    return svg.group("legend", *drawn), top + LINE + 4


def _key(one: Shape, *, hollow: bool = False) -> Markup:
    return outline(one, 0, 0, hollow=hollow)
