"""The log: one JSON line a thing, ids alone. Nothing of a member is written, nor anything that a request said."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, MutableMapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

import structlog

import priorauth
from priorauth.ledger.columns import written

Log = structlog.typing.FilteringBoundLogger
_HOME: Final = Path(priorauth.__file__).parent


def logger(file: TextIO, clock: Callable[[], datetime]) -> Log:
    """Return a log that writes JSON lines to a file."""

    def dated(_: Any, level: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - structlog's
        return {"at": written(clock()), "level": level, **line}

    made: Log = structlog.wrap_logger(
        structlog.WriteLogger(file),
        processors=[dated, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return made


def place(fault: BaseException) -> str:
    """Return the innermost line of ours at which a fault was raised; never what it says, which may be of a member."""
    for frame, line in reversed(list(traceback.walk_tb(fault.__traceback__))):
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_HOME):
            return f"{path.relative_to(_HOME).as_posix()}:{line}"
    return "outside of priorauth"


def fault(log: Log, what: str, raised: BaseException, **ids: object) -> None:
    """Write that something raised a fault: its kind and place, never what it says, which may be of a member."""
    log.error(what, **ids, fault=type(raised).__name__, place=place(raised))


class Passed(logging.Handler):
    """Hands warnings of libraries to the log: who warned and in which words of its own, without what filled them in."""

    def __init__(self, log: Log) -> None:
        """Keep the log."""
        super().__init__(logging.WARNING)
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a fault's own text is not among it."""
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        words = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        self.log.warning("library", library=record.name, says=words.strip()[:200], fault=fault)
