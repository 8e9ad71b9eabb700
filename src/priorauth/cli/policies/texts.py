"""A payer's text that the command line names: plain text, or a PDF or HTML file that the room of documents reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from priorauth.cli import files
from priorauth.cli.output import refused

if TYPE_CHECKING:
    from priorauth.trace.source import Source

MOST: Final = 25_000_000
"""How many bytes a text may have."""
PLAIN: Final = frozenset({".txt", ".text", ".md", ""})


def read(path: Path) -> Source:
    """Return a copy of a text; refuses what cannot be read."""
    from priorauth.trace import source

    content = files.read(path, MOST)
    if path.suffix.casefold() in PLAIN and not content.startswith(b"%PDF"):
        import hashlib

        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise refused(f"{path}: expected UTF-8 text") from None
        return source.of_text(text, str(path), hashlib.sha256(content).hexdigest())
    from priorauth.documents import read as reader

    reading = reader.read(content, str(path))
    return source.read([page.text for page in reading.pages], str(path), reading.sha256)
