"""The invented payer's text, its policy and its trace, for the tests of this room."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy
from priorauth.trace import source, trace
from priorauth.trace.source import Source
from priorauth.trace.trace import Trace

TEXTS: Final = Path(__file__).resolve().parent.parent / "data" / "texts"
POLICIES: Final = TEXTS / "policies"
ID: Final = "fernhill/insulin-pumps"
OLD: Final = (TEXTS / "fernhill-2025.txt").read_text("utf-8")
NEW: Final = (TEXTS / "fernhill-2026.txt").read_text("utf-8")


def policy() -> Policy:
    return Catalog.open(POLICIES).versions(ID)[-1]


def traced() -> Trace:
    found = trace.of(policy())
    assert found is not None
    return found


def copy(text: str = OLD, name: str = "copy.txt") -> Source:
    return source.of_text(text, name)


def edited(*pairs: tuple[str, str]) -> str:
    """Give the text with words in place of others, each of which stands there once."""
    text = OLD
    for before, after in pairs:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


def paragraphs_of(text: str) -> list[str]:
    """Give the paragraphs, items of lists and codes of the text: no pages, no running heads, no broken words."""
    body = "\n\n".join("\n".join(page.split("\n")[2:-2]).strip("\n") for page in text.split("\f"))
    return re.split(r"\n\s*\n|\n(?=\s*(?:\d\.|[A-Z]\.|[A-Z]\d{4})\s)", body.replace("insu-\nlin", "insulin"))


def rewrapped(text: str = OLD, width: int = 47) -> str:
    """Give the text with other lines: no pages, no running heads, words broken at the ends of lines."""
    paragraphs = []
    for part in paragraphs_of(text):
        lines, line = [], ""
        for word in part.split():
            if line and len(line) + len(word) >= width:
                broken = 4 if len(word) > 7 and word.isalpha() else 0
                lines.append(f"{line} {word[:broken]}-" if broken else line)
                line = word[broken:]
            else:
                line = f"{line} {word}".strip()
        paragraphs.append("\n".join([*lines, line]))
    return "\n\n".join(paragraphs)
