"""The process of a reader from outside: ``python -m priorauth.documents.guest NAME``.

A reading comes by standard input as JSON; what the reader proposes of it goes to standard output. What the reader
itself prints goes nowhere.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import entry_points
from typing import Any, Final

import msgspec

from priorauth.documents.pages import Reading

GROUP: Final = "priorauth.readers"
"""The entry points of readers: callables that take a Reading and return proposals."""


class Answer(msgspec.Struct, omit_defaults=True):
    """What the process says: the proposals, or the kind of fault that the reader ended with."""

    proposals: dict[str, Any] | None = None
    fault: str | None = None


def main() -> int:
    """Load the reader, and answer with what it proposes."""
    out = os.dup(1)
    os.dup2(2, 1)
    with os.fdopen(out, "wb") as answer:
        answer.write(_answered(sys.argv[1], sys.stdin.buffer.read()))
    return 0


def _answered(name: str, content: bytes) -> bytes:
    try:
        reader = next(iter(entry_points(group=GROUP, name=name))).load()
        return msgspec.json.encode(Answer(proposals=reader(msgspec.json.decode(content, type=Reading))))
    except Exception as fault:  # noqa: BLE001 - whatever somebody else's program raises; its words may quote a patient
        return msgspec.json.encode(Answer(fault=type(fault).__name__))


if __name__ == "__main__":
    sys.exit(main())
