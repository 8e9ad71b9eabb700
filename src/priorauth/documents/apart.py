"""Reading in a process apart, with limits: whatever a file is made to do, it does it to that process alone.

The process is given the bytes by its standard input and answers a line a page. It may use a GiB of memory and a number
of seconds a page; one that takes more, or dies, is ended with all that it started. It reads no file and no address.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Final

import msgspec

from priorauth.documents.pages import Kind, Page
from priorauth.errors import Fault, InputRefused

SECONDS: Final = 20.0
"""How long a page may take."""
BEGIN_SECONDS: Final = 20.0
"""How long the process may take to begin."""
MOST_BYTES: Final = 25_000_000
MOST_PAGES: Final = 500
MOST_TEXT: Final = 50_000_000
"""How many bytes all pages may have, as they are handed over."""
EXTRA: Final = "pip install 'priorauth[documents]'"
_PASSED: Final = ("PATH", "HOME", "LANG", "TESSDATA_PREFIX", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class Said(msgspec.Struct, omit_defaults=True):
    """A line of the process: a page, a picture of one (PNG), a note, why the file cannot be read, or that it ends."""

    page: Page | None = None
    picture: bytes | None = None
    note: str | None = None
    refused: str | None = None
    missing: str | None = None
    ended: bool = False


def pages(content: bytes, kind: Kind, name: str, most: int = MOST_PAGES) -> Iterator[Page | str]:
    """Yield the pages of a file of a kind, and notes of what was left; raises InputRefused."""
    number = 0
    for said in _asked(content, name, kind, str(most)):
        if isinstance(said, str):
            if not number:
                raise InputRefused(Fault(name, None, f"cannot be read: page 1 {said}"))
            yield f"page {number + 1} {said}: it and what follows was left"
        elif said.note is not None:
            yield said.note
        elif said.page is not None:
            number = said.page.number
            yield said.page


def picture(content: bytes, kind: Kind, name: str, number: int) -> bytes | None:
    """Return a page, from 1 on, as PNG; None where there is none that can be drawn. Raises InputRefused."""
    for said in _asked(content, name, kind, str(number), "draw"):
        if isinstance(said, str):
            raise InputRefused(Fault(name, None, f"cannot be drawn: page {number} {said}"))
        if said.picture is not None:
            return said.picture
    return None


def _asked(content: bytes, name: str, *words: str) -> Iterator[Said | str]:
    """Yield what the process says; a text where it did not come to its end, with the reason."""
    if len(content) > MOST_BYTES:
        raise InputRefused(Fault(name, None, f"expected at most {MOST_BYTES:,} bytes, found {len(content):,}"))
    running = _begun(words)
    lines: SimpleQueue[bytes | None] = SimpleQueue()
    Thread(target=_fed, args=(running.stdin, content), daemon=True).start()
    Thread(target=_heard, args=(running.stdout, lines), daemon=True).start()
    try:
        yield from _read(lines, name)
    finally:
        _end(running)


def _read(lines: SimpleQueue[bytes | None], name: str) -> Iterator[Said | str]:
    size, wait = 0, BEGIN_SECONDS
    while True:
        try:
            line = lines.get(timeout=wait)
        except Empty:
            yield f"took longer than {wait:.0f} seconds"
            return
        size += len(line or b"")
        if line is None or size > MOST_TEXT:
            yield "could not be read within the limits"
            return
        said, wait = msgspec.json.decode(line, type=Said), SECONDS
        if said.ended:
            return
        if said.refused is not None:
            raise InputRefused(Fault(name, None, said.refused))
        if said.missing is not None:
            raise InputRefused(Fault(name, None, f"documents are read with the extra documents: {EXTRA}"))
        yield said


def _begun(words: Sequence[str]) -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in _PASSED if name in os.environ}
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
    where = {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "priorauth.documents.child", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**kept, **threads, **where},
        start_new_session=True,
    )


def _fed(into: IO[bytes] | None, content: bytes) -> None:
    if into is not None:
        with suppress(OSError, ValueError), into:
            into.write(content)


def _heard(out: IO[bytes] | None, lines: SimpleQueue[bytes | None]) -> None:
    if out is not None:
        with suppress(OSError, ValueError):
            for line in out:
                lines.put(line)
    lines.put(None)


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    for pipe in (running.stdin, running.stdout):
        if pipe is not None:
            with suppress(OSError, ValueError):
                pipe.close()
