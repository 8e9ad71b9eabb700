"""The process apart: ``python -m priorauth.documents.child KIND`` and what is asked, the bytes by standard input.

``read FIRST LAST`` reads pages, ``draw NUMBER WIDE`` draws one, ``count`` says how many can be drawn.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final

import msgspec

from priorauth.documents.pages import PICTURED, Page
from priorauth.documents.readers import ccda, docx, html, pdf, picture, plain, rtf
from priorauth.documents.said import MEMORY, SECONDS, Said

_FILES: Final = 64
_DRAWN: Final = {kind: pdf if kind == "pdf" else picture for kind in PICTURED}
_READERS: Final[Mapping[str, Callable[[bytes, range], Iterator[Page | str]]]] = {
    **{kind: reader.pages for kind, reader in _DRAWN.items()},
    "html": html.pages,
    "rtf": rtf.pages,
    "docx": docx.pages,
    "ccda": ccda.pages,
    "text": plain.pages,
}


def main() -> int:
    """Answer what is asked, a line each; what takes too much ends without a last line."""
    kind, asked, *numbers = sys.argv[1:]
    first, last = (*(int(one) for one in numbers), 1, 1)[:2]
    _limited(last - first + 2 if asked == "read" else 2)
    content = sys.stdin.buffer.read()
    try:
        for said in _answers(kind, asked, content, first, last):
            _say(said)
    except (pdf.PdfFault, picture.PictureFault, plain.TextFault) as fault:
        _say(Said(refused=f"{fault}"))
    except ModuleNotFoundError as fault:
        _say(Said(missing=fault.name or ""))
    except (MemoryError, RecursionError):
        return 1
    _say(Said(ended=True))
    return 0


def _answers(kind: str, asked: str, content: bytes, first: int, last: int) -> Iterator[Said]:
    if asked == "read":
        for found in _READERS[kind](content, range(first, last + 1)):
            yield Said(note=found) if isinstance(found, str) else Said(page=found)
    elif kind in _DRAWN and asked == "draw":
        yield Said(picture=_DRAWN[kind].drawing(content, first, last))
    elif kind in _DRAWN:
        yield Said(count=_DRAWN[kind].count(content))


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def _limited(most: int) -> None:
    """Take on limits that nothing in this process, nor what it starts, can lift again; ``most``: for how many pages."""
    wanted = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: int(SECONDS * most),
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most_of_it in wanted.items():
        with suppress(ValueError, OSError):  # a system that has no such limit, or a lower one already
            resource.setrlimit(kind, (most_of_it, most_of_it))


if __name__ == "__main__":
    sys.exit(main())
