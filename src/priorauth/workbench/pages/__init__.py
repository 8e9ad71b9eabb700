"""The pages, a module for each group of them; each registers what answers it."""

from __future__ import annotations

from importlib import import_module
from typing import Final

GROUPS: Final = (
    *("start", "queue", "case", "document", "documents"),
    *("clinic", "check", "drafting", "answer", "taking"),
    *("moves", "criterion", "runs", "ask", "settle", "enter", "answers"),
    *("decide", "judging", "peer", "notices", "letter", "appeal", "clock"),
    *("metrics", "audit", "people", "plan"),
    *("policies",),
)


def load() -> None:
    """Register every page and form."""
    for name in GROUPS:
        import_module(f"{__name__}.{name}")
