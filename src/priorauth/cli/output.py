"""What a command says: always UTF-8, and never anything that steers a terminal.

Lines for people go through :func:`priorauth.values.printable.printable`; JSON escapes by JSON. Both streams are set to
UTF-8 whatever the locale, and what no UTF-8 can hold (a file's name of other bytes) is shown escaped.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from priorauth.errors import Fault, InputRefused
from priorauth.values.printable import json_text, page, printable

_GOES_ON = "\n    "
"""What parts the lines of one fault: a line of a policy, and the caret below it."""


def prepare() -> bool:
    """Set both streams to UTF-8; False where standard output is closed."""
    if sys.stderr is None:
        sys.stderr = _nowhere()
    if sys.stdout is None:
        sys.stdout = _nowhere()
        return False
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return True


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def say(text: str) -> None:
    """Print lines for people; the last line break is part of the text."""
    sys.stdout.write(page(text))


def feed() -> None:
    """Begin another page, as a printer does."""
    sys.stdout.write("\f")


def line(text: str = "") -> None:
    """Print one line, whatever stands in it."""
    sys.stdout.write(f"{printable(text)}\n")


def as_json(value: object, *, indent: int = 2) -> None:
    """Print JSON."""
    sys.stdout.write(json_text(json.dumps(value, indent=indent, ensure_ascii=False)))
    sys.stdout.write("\n")


def fault(text: str) -> None:
    """Print a fault on standard error: one line, and below it indented what belongs to it."""
    with suppress(OSError, ValueError):  # nobody reads: the exit code says it
        sys.stderr.write(_GOES_ON.join(map(printable, text.split(_GOES_ON))) + "\n")
        sys.stderr.flush()


def refused(*lines: str) -> InputRefused:
    """Return what the command line itself refuses, as the one kind of error whose lines are printed at the end."""
    return InputRefused(*(Fault(None, None, line) for line in lines))


def discard() -> None:
    """Send what is still to be printed nowhere: where standard output takes no more, the end must not fail again."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
