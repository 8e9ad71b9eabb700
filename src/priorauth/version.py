"""The version of priorauth: what ``--version`` prints and every receipt names. ``pyproject.toml`` has the same."""

from __future__ import annotations

__version__ = "0.2.0"
