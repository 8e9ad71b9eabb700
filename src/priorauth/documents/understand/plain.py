"""A page whose signs of layout are spaces: rules between columns, points that lead to a value, lines to write on.

It stays as long as it was.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from priorauth.documents.pages import Page

_SIGNS: Final = (
    re.compile(r"(?<=\s)[|¦│·•‖](?=\s)(?<!^.)"),
    re.compile(r"(?<=\S)[|¦│](?=\s)|(?<=\s)[|¦│](?=\S)"),
    re.compile(r"_+(?!(?:[xX✓]_*(?!\w))|(?i:yes|no)\b)(?=[A-Za-z0-9$<>~])|(?<=[A-Za-z0-9%.])(?<![_\s][xX✓])_+"),
)
_LEADERS: Final = re.compile(r"\.{4,}|(?<=\s)\.{3}(?=\s)|(?: \.){3,}")
_ODD: Final = str.maketrans({"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2010": "-", "\u2011": "-", "\u2212": "-"})


def plain(page: Page) -> Page:
    """Return a page without signs of layout."""
    lines = []
    for line in page.text.translate(_ODD).split("\n"):
        kept = len(line) - len(line.lstrip())
        head, rest = line[: kept + 1], line[kept + 1 :]
        if head.strip() in ("|", "│"):
            head = " " * len(head)
        rest = _LEADERS.sub(lambda hit: " " * len(hit.group()), rest)
        rest = _SIGNS[0].sub(" ", rest)
        rest = _SIGNS[1].sub(" ", rest)
        lines.append(_SIGNS[2].sub(lambda hit: " " * len(hit.group()), head + rest))
    text = "\n".join(lines)
    return page if text == page.text else msgspec.structs.replace(page, text=text)
