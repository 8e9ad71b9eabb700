"""HTML: what is seen of it, a line a block; cells of a row side by side, fields as they are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from priorauth.documents.pages import Page
from priorauth.documents.readers.plain import decoded, of_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li"),
        *("main", "nav", "ol", "p", "pre", "section", "summary", "textarea", "tr", "ul"),
    )
)
_UNSEEN: Final = (
    *("script", "style", "template", "head", "noscript", "iframe", "object", "svg", "datalist", "audio", "video"),
    *("del", "s", "strike", "[hidden]", "option:not([selected])"),
    *(f"[style*='{said}' i]" for said in ("display:none", "display: none", "visibility:hidden", "visibility: hidden")),
    "[style*='line-through' i]",
)
"""What nobody sees, and what was struck out: it is not said."""
_GAP: Final = "   "
_WIDEST: Final = 40
"""How wide a column is made at most, so that the rows of a table stand beneath each other."""
_CELL: Final = 48
"""A cell with a longer line and others below it is prose: the cells of its row are told one after the other."""
_AFTER_BOX: Final = re.compile(r"(\[[x ]\]) {2,}(?=\S)")
_MOST_SPAN: Final = 20
_PAGE: Final = "page-break"
"""The class of a rule that parts pages."""


def pages(content: bytes, wanted: range) -> Iterator[Page | str]:
    """Yield the pages of HTML; raises TextFault."""
    yield from of_text(seen(decoded(content)), wanted)


def seen(text: str) -> str:
    """Return what is seen of HTML."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text)
    for one in tree.css(", ".join(_UNSEEN)):
        one.decompose()
    root = tree.body or tree.root
    return "" if root is None else _squeezed("".join(_told(root, pre=False)))


def _told(node: LexborNode, *, pre: bool) -> Iterator[str]:
    """Yield the text of a node in order. ``pre``: its lines stand as they are written."""
    for one in node.iter(include_text=True):
        tag = one.tag or ""
        if tag == "-text":
            said = one.text(deep=False) or ""
            yield said.replace("\n", "\r") if pre else re.sub(r"\s+", " ", said)
        elif tag == "br":
            yield "\n"
        elif tag == "table":
            yield f"\n{_table(one)}\n"
        elif tag == "hr" and one.attributes.get("class") == _PAGE:
            yield "\f"
        elif tag in _BLOCKS:
            yield "\n"
            yield from _told(one, pre=pre or tag in ("pre", "textarea"))
            yield "\n"
        else:
            yield _field(one)
            yield from _told(one, pre=pre)


def _field(node: LexborNode) -> str:
    """Return what a field shows: a box that is ticked or empty, or what was written into it."""
    said = node.attributes
    if node.tag == "input":
        kind = (said.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            return "[x] " if "checked" in said else "[ ] "
        return "" if kind in ("hidden", "password", "submit", "button", "image", "file") else said.get("value") or ""
    if said.get("role") in ("checkbox", "radio"):
        return "[x] " if said.get("aria-checked") == "true" else "[ ] "
    return ""


def _table(table: LexborNode) -> str:
    """Return a table, its rows a line each where each cell has one, its columns beneath each other."""
    rows = [[_lines(cell) for cell in _cells(row)] for row in _rows(table)]
    widths = [0] * max((len(row) for row in rows), default=0)
    for row in rows:
        for place, cell in enumerate(row[:-1]):
            widths[place] = min(max(widths[place], *(len(line) for line in cell)), _WIDEST)
    return "\n".join(line for row in rows for line in _row(row, widths))


def _row(row: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    prose = any(len(cell) > 1 and max(len(line) for line in cell) > _CELL for cell in row)
    if prose:
        yield from (line for cell in row for line in cell if line)
        return
    for parts in zip_longest(*row, fillvalue=""):
        cells = [part.ljust(width) for part, width in zip(parts, widths, strict=False)]
        yield _GAP.join(cells).rstrip()


def _lines(cell: LexborNode | None) -> list[str]:
    said = "" if cell is None else _squeezed("".join(_told(cell, pre=False))).replace("\f", "\n")
    return [line for line in said.split("\n") if line.strip()] or [""]


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for one in table.iter():
        if one.tag == "tr":
            yield one
        elif one.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in one.iter() if row.tag == "tr")


def _cells(row: LexborNode) -> Iterator[LexborNode | None]:
    """Yield the cells of a row; one that spans columns is followed by as many that are empty."""
    for one in row.iter():
        if one.tag in ("td", "th"):
            yield one
            span = one.attributes.get("colspan") or "1"
            yield from [None] * (min(int(span), _MOST_SPAN) - 1 if span.isdecimal() else 0)


def _squeezed(text: str) -> str:
    """Return a text without the spaces around its lines, and with one empty line where there were more."""
    lines = [_AFTER_BOX.sub(r"\1 ", line.strip(" \t")) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n\t ").replace("\r", "\n")
