"""Reading in a process apart, with limits: whatever a file is made to do, it does it to that process alone.

The process is given the bytes by its standard input and answers a line a page. It may use a GiB of memory and a number
of seconds a page; one that takes more, or dies, is ended with all that it started, and another goes on behind the page
at which it ended. It reads no file and no address.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import IO, Final

import msgspec

from priorauth.documents import process
from priorauth.documents.pages import Kind, Page
from priorauth.documents.said import SECONDS, Said
from priorauth.errors import Fault, InputRefused

BEGIN_SECONDS: Final = 20.0
"""How long the process may take to begin."""
MOST_SECONDS: Final = 1_200.0
"""How long all pages together may take."""
MOST_BYTES: Final = 25_000_000
MOST_PAGES: Final = 500
MOST_TEXT: Final = 50_000_000
"""How many bytes all pages may have, as they are handed over."""
SHOWN_WIDE: Final = 1_200
"""How many points wide a page is shown."""
EXTRA: Final = "pip install 'priorauth[documents]'"
_MOST_ENDED: Final = 3
"""How many processes may end early before the rest of a file is left."""
_PAGED: Final = ("pdf", "tiff", "gif")
"""Of these a page can be read without those before it."""
_PASSED: Final = ("PATH", "HOME", "LANG", "TESSDATA_PREFIX", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


class ExtraMissing(InputRefused):
    """What reads documents is not installed."""


def pages(content: bytes, kind: Kind, name: str, most: int = MOST_PAGES) -> Iterator[Page | str]:
    """Yield the pages of a file of a kind, and notes of what was left; raises InputRefused where none could be read.

    A page that could not be read within the limits is there, empty.
    """
    first, read, ended = 1, 0, list[str]()
    until = monotonic() + MOST_SECONDS
    while first <= most and len(ended) < _MOST_ENDED:
        why = None
        for said in _asked(content, name, until, kind, "read", str(first), str(most)):
            if isinstance(said, str):
                why = said
            elif said.note is not None:
                yield said.note
            elif said.page is not None:
                first, read = said.page.number + 1, read + 1
                yield said.page
        if why is None:
            break
        ended.append(f"page {first} {why}")
        if monotonic() >= until or kind not in _PAGED:
            break
        yield ended[-1]
        yield Page(number=first, text="")
        first += 1
    if ended and not read:
        raise InputRefused(Fault(name, None, f"cannot be read: {ended[0]}"))
    if ended and (len(ended) == _MOST_ENDED or monotonic() >= until or kind not in _PAGED):
        yield f"what follows page {first - 1} was left"


def picture(content: bytes, kind: Kind, name: str, number: int, wide: int = SHOWN_WIDE) -> bytes | None:
    """Return a page, from 1 on, as PNG; None where there is none that can be drawn. Raises InputRefused."""
    for said in _asked(content, name, monotonic() + 2 * SECONDS, kind, "draw", str(number), str(wide)):
        if isinstance(said, str):
            raise InputRefused(Fault(name, None, f"cannot be drawn: page {number} {said}"))
        if said.picture is not None:
            return said.picture
    return None


def count(content: bytes, kind: Kind, name: str) -> int:
    """Return how many pages a file has that can be drawn. Raises InputRefused."""
    for said in _asked(content, name, monotonic() + SECONDS, kind, "count"):
        if isinstance(said, str):
            raise InputRefused(Fault(name, None, f"cannot be opened: it {said}"))
        if said.count is not None:
            return said.count
    return 0


def _asked(content: bytes, name: str, until: float, *words: str) -> Iterator[Said | str]:
    """Yield what the process says; a text where it did not come to its end, with the reason."""
    if len(content) > MOST_BYTES:
        raise InputRefused(Fault(name, None, f"expected at most {MOST_BYTES:,} bytes, found {len(content):,}"))
    running = process.begun("priorauth.documents.child", words, content, _settings())
    lines: SimpleQueue[bytes | None] = SimpleQueue()
    Thread(target=_heard, args=(running.stdout, lines), daemon=True).start()
    try:
        yield from _read(lines, name, until)
    finally:
        process.ended(running)


def _read(lines: SimpleQueue[bytes | None], name: str, until: float) -> Iterator[Said | str]:
    wait = BEGIN_SECONDS
    while True:
        try:
            line = lines.get(timeout=max(min(wait, until - monotonic()), 0.0))
        except Empty:
            yield f"took longer than {wait:.0f} seconds" if monotonic() < until else "was not reached in time"
            return
        if line is None:
            yield "could not be read within the limits"
            return
        said, wait = msgspec.json.decode(line, type=Said), SECONDS
        if said.ended:
            return
        if said.refused is not None:
            raise InputRefused(Fault(name, None, said.refused))
        if said.missing is not None:
            raise ExtraMissing(Fault(name, None, f"documents are read with the extra documents: {EXTRA}"))
        yield said


def _settings() -> dict[str, str]:
    """Return the environment of the process: little of ours, one thread, nothing written beside our modules."""
    kept = {name: os.environ[name] for name in _PASSED if name in os.environ}
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
    return {**kept, **threads, "PYTHONDONTWRITEBYTECODE": "1"}


def _heard(out: IO[bytes] | None, lines: SimpleQueue[bytes | None]) -> None:
    """Hand over what a process says, as much of it as all pages may have."""
    left = MOST_TEXT
    if out is not None:
        with suppress(OSError, ValueError):
            while left > 0 and (line := out.readline(left)).endswith(b"\n"):
                left -= len(line)
                lines.put(line)
    lines.put(None)
