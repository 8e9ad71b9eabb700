"""Pages of the docs that tools write anew, in whole or between marks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def rewritten(page: Path, filled: Callable[[str], str], tool: str) -> int:
    """Write a page as ``filled`` makes it of what stands there; with ``--check``, say that it is stale and return 1."""
    text = page.read_text("utf-8")
    made = filled(text)
    if "--check" in sys.argv[1:]:
        if made != text:
            print(f"{page.relative_to(ROOT)} is stale: python {tool}", file=sys.stderr)
        return int(made != text)
    page.write_text(made, "utf-8")
    return 0
