"""Pictures taken apart: which elements there are, where they stand, and determinations to draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree as ET

from priorauth.decide.decided import About
from priorauth.decide.determination import Determination
from priorauth.decide.report import Place, report
from priorauth.engines.python.outcome import decide
from priorauth.facts.case import Case
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from priorauth.values.dates import iso
from priorauth.workbench.pictures import svg
from priorauth.workbench.pictures.svg import Picture
from tests.draw import Draw

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = frozenset({"rect", "line", "circle", "path", "text"})


class Box(NamedTuple):
    """Where something stands: its left, upper, right and lower edge, and what it is."""

    left: float
    top: float
    right: float
    bottom: float
    said: str


def root(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - our own text, and that it is well-formed is the point


def groups(inside: ET.Element, class_: str) -> list[ET.Element]:
    return [one for one in inside.iter() if class_ in one.get("class", "").split()]


def boxes(inside: ET.Element, dx: float = 0, dy: float = 0) -> Iterator[Box]:
    """Yield where each drawn element stands; patterns are no place on the paper."""
    if inside.tag == f"{SVG}defs":
        return
    if found := re.fullmatch(r"translate\((\S+) (\S+)\)", inside.get("transform", "")):
        dx, dy = dx + float(found[1]), dy + float(found[2])
    name = inside.tag.removeprefix(SVG)
    if name in DRAWN:
        left, top, right, bottom, said = _box(name, inside)
        yield Box(left + dx, top + dy, right + dx, bottom + dy, said)
    for part in inside:
        yield from boxes(part, dx, dy)


def _box(name: str, one: ET.Element) -> Box:
    def at(*names: str) -> list[float]:
        return [float(one.get(each, "0")) for each in names]

    if name == "text":
        x, y, size = at("x", "y", "font-size")
        wide = svg.wide(one.text or "", size)
        left = x - wide if one.get("text-anchor") == "end" else x
        return Box(left, y - size * 0.75, left + wide, y + size * 0.2, one.text or "")
    if name == "rect":
        x, y, width, height = at("x", "y", "width", "height")
        assert width >= 0
        assert height >= 0
        return Box(x, y, x + width, y + height, name)
    if name == "circle":
        x, y, radius = at("cx", "cy", "r")
        return Box(x - radius, y - radius, x + radius, y + radius, name)
    if name == "line":
        a, b, c, d = at("x1", "y1", "x2", "y2")
        return Box(min(a, c), min(b, d), max(a, c), max(b, d), name)
    points = [tuple(map(float, pair)) for pair in re.findall(r"[ML](\S+) (-?[\d.]+)", one.get("d", ""))]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys), name)


def beyond(picture: str) -> list[Box]:
    """Return what does not stand on the paper."""
    drawn = root(picture)
    _, _, width, height = map(float, drawn.get("viewBox", "").split())
    slack = 0.2
    return [
        one
        for one in boxes(drawn)
        if one.left < -slack or one.top < -slack or one.right > width + slack or one.bottom > height + slack
    ]


def touching(picture: str) -> list[tuple[str, str]]:
    """Return the words that stand over one another."""
    texts = [one for one in boxes(root(picture)) if one.said not in DRAWN]
    return [
        (one.said, other.said)
        for one, other in combinations(texts, 2)
        if one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
    ]


def both(picture: Picture) -> Sequence[str]:
    return (picture.wide, picture.narrow)


def plain(picture: str) -> bool:
    """Whether a picture has nothing that a strict policy of content refuses."""
    return not re.search(r"<(?:style|script|foreignObject|image|use)\b|\sstyle=|\son[a-z]+=|javascript:", picture)


@cache
def policies() -> tuple[Policy, ...]:
    return tuple(open_catalog().all())


def drawn(policy: Policy, seed: int) -> tuple[Determination, Case]:
    """Decide a case that was drawn for a policy."""
    catalog = open_catalog()
    case = Draw(policy, catalog.vocabulary, seed).case()
    on = iso(case.as_of)
    about = About("Patient/1", 40, None, None, None, on, on, on, expedited=False)
    place = Place(claim="Claim/1", item=1, sequence=1, as_of=case.as_of, request=about, pinned={})
    return report(decide(policy, case, catalog.vocabulary, catalog.common), policy, place), case
