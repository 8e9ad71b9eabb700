"""A process apart of our own interpreter: begun, fed by its standard input, ended with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from threading import Thread
from typing import IO


def begun(module: str, words: tuple[str, ...], content: bytes, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Begin a module with words and the settings of its environment; ``content`` goes to its standard input."""
    running = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**settings, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
        start_new_session=True,
    )
    Thread(target=_fed, args=(running.stdin, content), daemon=True).start()
    return running


def _fed(into: IO[bytes] | None, content: bytes) -> None:
    if into is not None:
        with suppress(OSError, ValueError), into:
            into.write(content)


def killed(running: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, and do not wait for it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)


def ended(running: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started, and leave nothing of it open."""
    killed(running)
    running.wait()
    for pipe in (running.stdin, running.stdout):
        if pipe is not None:
            with suppress(OSError, ValueError):
                pipe.close()
