"""Readers of others that are installed beside priorauth: found by entry point, asked in a process apart.

A package names one under ``priorauth.readers``; it takes a Reading and returns proposals, which are checked like a
file of them. Its process has as much time for a page as our own reader, and may say so much. It may use the memory, the
network and the settings of whoever runs it, for a model needs them: it is trusted as any program that is installed.
"""

from __future__ import annotations

import os
from importlib.metadata import entry_points
from threading import Timer
from typing import Any, Final

import msgspec

from priorauth.documents import process
from priorauth.documents.guest import GROUP, Answer
from priorauth.documents.outside import MOST_BYTES
from priorauth.documents.pages import Reading
from priorauth.documents.said import SECONDS
from priorauth.errors import Fault, InputRefused

BEGIN_SECONDS: Final = 60.0
"""How long the process may take besides: a model is loaded in it."""


def names() -> tuple[str, ...]:
    """Return the names of the readers that are installed, in order."""
    return tuple(sorted({one.name for one in entry_points(group=GROUP)}))


def proposals(name: str, reading: Reading, seconds: float | None = None) -> dict[str, Any]:
    """Return what a reader proposes of a document, with its name where it does not give one; raises InputRefused.

    ``seconds``: how long it may take, else by the number of pages.
    """
    if name not in names():
        known = ", ".join(names()) or "none"
        raise InputRefused(Fault(None, None, f"no reader {name!r} is installed; installed: {known}"))
    limit = BEGIN_SECONDS + SECONDS * len(reading.pages) if seconds is None else seconds
    said = _asked(name, msgspec.json.encode(reading), limit)
    if len(said) > MOST_BYTES:
        raise _refused(name, f"said more than {MOST_BYTES:,} bytes")
    try:
        answer = msgspec.json.decode(said, type=Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _refused(name, f"did not answer within {limit:.0f} seconds, or ended") from None
    if answer.fault is not None:
        raise _refused(name, f"ended with {answer.fault}")
    if answer.proposals is None:
        raise _refused(name, "proposed nothing: expected a mapping with facts")
    return {"by": name, **answer.proposals}


def _asked(name: str, content: bytes, seconds: float) -> bytes:
    running = process.begun("priorauth.documents.guest", (name,), content, os.environ)
    timer = Timer(seconds, process.killed, (running,))
    timer.daemon = True
    timer.start()
    try:
        return b"" if running.stdout is None else running.stdout.read(MOST_BYTES + 1)
    finally:
        timer.cancel()
        process.ended(running)


def _refused(name: str, said: str) -> InputRefused:
    return InputRefused(Fault(f"reader {name}", None, said))
