"""The process apart: ``python -m priorauth.documents.child KIND MOST`` reads, ``KIND NUMBER draw`` draws a page.

The bytes come by standard input.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final

import msgspec

from priorauth.documents.apart import SECONDS, Said
from priorauth.documents.pages import Page
from priorauth.documents.readers import ccda, pdf, picture, plain
from priorauth.documents.readers.recognise import MISSING

MEMORY: Final = 1 << 30
_FILES: Final = 64
_READERS: Final[Mapping[str, Callable[[bytes, int], Iterator[Page | str]]]] = {
    "pdf": pdf.pages,
    "tiff": picture.pages,
    "png": picture.pages,
    "jpeg": picture.pages,
    "html": plain.html,
    "rtf": plain.rtf,
    "docx": plain.docx,
    "ccda": ccda.pages,
    "text": plain.pages,
}


_DRAWN: Final[Mapping[str, Callable[[bytes, int], bytes | None]]] = {
    "pdf": pdf.drawing,
    **dict.fromkeys(("tiff", "png", "jpeg"), picture.drawing),
}
"""What has pages that can be shown."""


def main() -> int:
    """Read, and answer a line a page; or draw one."""
    kind, number, *draw = sys.argv[1:]
    _limited(1 if draw else int(number))
    content = sys.stdin.buffer.read()
    try:
        if draw:
            _say(Said(picture=_DRAWN[kind](content, int(number))) if kind in _DRAWN else Said())
        else:
            for found in _READERS[kind](content, int(number)):
                _say(Said(note=found) if isinstance(found, str) else Said(page=found))
    except (pdf.PdfFault, picture.PictureFault, plain.TextFault) as fault:
        _say(Said(refused=f"{fault}"))
        return 0
    except ModuleNotFoundError as fault:
        _say(Said(missing=fault.name or ""))
        return 0
    except FileNotFoundError:
        _say(Said(note=MISSING))
    except (MemoryError, RecursionError):
        return 1
    _say(Said(ended=True))
    return 0


def _say(said: Said) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def _limited(most: int) -> None:
    """Take on limits that nothing in this process can lift again."""
    seconds = int(SECONDS * (most + 1))
    wanted = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_NOFILE: _FILES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most_of_it in wanted.items():
        with suppress(ValueError, OSError):  # a system that has no such limit, or a lower one already
            resource.setrlimit(kind, (most_of_it, most_of_it))


if __name__ == "__main__":
    sys.exit(main())
