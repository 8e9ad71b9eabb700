"""What the process apart says of a file, a line at a time, and the limits that it reads in."""

from __future__ import annotations

from typing import Final

import msgspec

from priorauth.documents.pages import Page

SECONDS: Final = 20.0
"""How long a page may take."""
MEMORY: Final = 1 << 30
"""How many bytes of memory the process may take, and each that it starts."""


class Said(msgspec.Struct, omit_defaults=True):
    """A line of the process: a page, a picture of one (PNG), how many there are, a note, or that it ends.

    ``refused``: why the file cannot be read; ``missing``: which module is not installed.
    """

    page: Page | None = None
    picture: bytes | None = None
    count: int | None = None
    note: str | None = None
    refused: str | None = None
    missing: str | None = None
    ended: bool = False
