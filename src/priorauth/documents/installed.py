"""Readers of others that are installed beside priorauth: found by entry point, asked in a process apart.

A package names one under ``priorauth.readers``; it takes a Reading and returns proposals, which are checked like a
file of them. Its process has as much time for a page as our own reader, and may say so much. It may use the memory, the
network and the settings of whoever runs it, for a model needs them: it is trusted as any program that is installed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.metadata import entry_points
from threading import Thread, Timer
from typing import IO, Any, Final

import msgspec

from priorauth.documents.guest import GROUP, Answer
from priorauth.documents.outside import MOST_BYTES
from priorauth.documents.pages import Reading
from priorauth.errors import Fault, InputRefused

SECONDS: Final = 20.0
"""How long a page may take."""
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
    running = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "priorauth.documents.guest", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
        start_new_session=True,
    )
    timer = Timer(seconds, _end, (running,))
    timer.daemon = True
    timer.start()
    Thread(target=_fed, args=(running.stdin, content), daemon=True).start()
    try:
        return b"" if running.stdout is None else running.stdout.read(MOST_BYTES + 1)
    finally:
        timer.cancel()
        _end(running)
        running.wait()
        for pipe in (running.stdin, running.stdout):
            if pipe is not None:
                with suppress(OSError, ValueError):
                    pipe.close()


def _fed(into: IO[bytes] | None, content: bytes) -> None:
    if into is not None:
        with suppress(OSError, ValueError), into:
            into.write(content)


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)


def _refused(name: str, said: str) -> InputRefused:
    return InputRefused(Fault(f"reader {name}", None, said))
