"""SVG as text: elements with every attribute and word escaped, styled by presentation attributes and classes alone.

A page with a strict content policy can hold such a picture: it has no ``style`` attribute, no style sheet, no script
and no link. It is well-formed XML too, whatever the words are: what is no visible character is shown escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from priorauth.values.printable import printable


def element(name: str, words: str | None = None, /, **attributes: str | float | None) -> str:
    """Return an element; an attribute's underscores are hyphens (one at its end is dropped), None leaves it out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}/>" if words is None else f"<{name}{given}>{_text(words)}</{name}>"


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Return the steps of a path through points."""
    (x, y), *others = points
    steps = f"M{x:.1f} {y:.1f}" + ("L" if others else "") + " ".join(f"{a:.1f} {b:.1f}" for a, b in others)
    return steps + "Z" if closed else steps


def drawing(name: str, size: tuple[int, int], words: tuple[str, str], shapes: Iterable[str]) -> str:
    """Return a whole picture: its name (of the ids in it), width and height, title and description, and its shapes."""
    width, height = size
    title, says = words
    own = _text(name)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture {own}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{own}-title {own}-says" font-family="sans-serif" font-size="10" fill="#222">'
    )
    told = element("title", title, id=f"{name}-title"), element("desc", says, id=f"{name}-says")
    return "\n".join((opening, *told, *shapes, "</svg>\n"))


def _value(value: str | float) -> str:
    return _text(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _text(words: str) -> str:
    return escape(printable(words))
