"""A made page, read back: all of its words, and those among them that are our own and not from the facts."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

GIVEN: Final = "something"
"""What stands for a value from the facts among our own words."""
BLOCKS: Final = frozenset(("p", "li", "h1", "h2", "h3", "th", "td", "caption", "div", "tr"))
VOID: Final = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
SILENT: Final = frozenset(("style", "script", "title"))


class _Words(HTMLParser):
    """Collects texts by block; ``own`` leaves out what is given or cited."""

    def __init__(self, *, own: bool) -> None:
        super().__init__()
        self.own = own
        self.open: list[tuple[str, bool, bool]] = []
        """Each open tag, whether it is given, whether nothing below it is read."""
        self.texts: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        hidden = tag in SILENT or (self.own and "cite" in classes)
        given = "given" in classes
        if given and self.own and not hidden and not any(row[1] or row[2] for row in self.open):
            self._add(GIVEN)
        if tag == "br":
            self._add(" ")
        if tag in VOID:
            return
        if tag in BLOCKS:
            self.texts.append((tag, []))
        self.open.append((tag, given and self.own, hidden))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self.open:
            return
        self.open.pop()
        if tag in BLOCKS:
            self.texts.append(("", []))

    def handle_data(self, data: str) -> None:
        if not any(given or hidden for _, given, hidden in self.open):
            self._add(data)

    def _add(self, text: str) -> None:
        if not self.texts:
            self.texts.append(("", []))
        self.texts[-1][1].append(text)


def _read(html: str, *, own: bool) -> list[tuple[str, str]]:
    reader = _Words(own=own)
    reader.feed(html)
    texts = ((tag, " ".join("".join(parts).split())) for tag, parts in reader.texts)
    return [(tag, text) for tag, text in texts if text]


def text(html: str) -> str:
    """Return all the words of a page."""
    return "\n".join(words for _, words in _read(html, own=False))


def own_words(html: str) -> tuple[str, ...]:
    """Return our own words, block by block; what comes from the facts is ``something``, citations are left out."""
    return tuple(words for _, words in _read(html, own=True))


def own_paragraphs(html: str) -> tuple[str, ...]:
    """Return our own paragraphs and points of lists: what is read as sentences."""
    return tuple(words for tag, words in _read(html, own=True) if tag in ("p", "li"))
