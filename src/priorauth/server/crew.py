"""Several processes that serve at one address: forked from one that has loaded all they need, ended with it, replaced
where one dies.

The process that forks serves nothing: it passes signals on, and waits. Where it is gone, those that it forked end too.
One that dies before all have served ends all; one that dies later is replaced, after a pause where it lived less than a
second.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from priorauth.server.logs import Log
from priorauth.server.serving import GRACE_SECONDS

Work = Callable[[int, Callable[[], None]], int]
"""What a process does: given its place from 0, and what it calls as soon as it serves, it returns its exit code."""
SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder in which processes keep their counts; the library reads it when it is loaded."""
MOST: Final = 64
PAUSE_SECONDS: Final = 1.0
_SLACK_SECONDS: Final = 15
_ENDS: Final = (signal.SIGINT, signal.SIGTERM)
_HEARD: Final = (*_ENDS, signal.SIGCHLD)
_FAILED: Final = 1


def run(count: int, work: Work, log: Log, say: Callable[[], None]) -> int:
    """Let so many processes work until told to end; ``say`` is called when all of them serve. Return the exit code."""
    gc.collect()
    gc.freeze()  # what is loaded is shared: a collection that marks it would copy it into each process
    with _pipe() as heard, _pipe() as served, _pipe() as life:
        found = _Crew(count, work, log, served, life)
        with _listening(heard[1]):
            found.fork_all()
            return found.watch(heard[0], say)


class _Crew:
    """The processes of one server."""

    def __init__(self, count: int, work: Work, log: Log, served: tuple[int, int], life: tuple[int, int]) -> None:
        self.count, self.work, self.log = count, work, log
        self.served, self.life = served, life
        self.places: dict[int, int] = {}
        self.begun: dict[int, float] = {}
        self.due: dict[int, float] = {}
        self.serves: set[int] = set()
        self.said = False
        self.until: float | None = None
        self.code = 0

    def fork_all(self) -> None:
        for place in range(self.count):
            self.fork(place)

    def fork(self, place: int) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)  # until the new process has let go of what hears for this one
        pid = os.fork()
        if pid == 0:
            os._exit(self._works(place))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        self.places[pid], self.begun[place] = place, monotonic()

    def _works(self, place: int) -> int:
        """Work in the new process; return its exit code."""
        signal.set_wakeup_fd(-1)
        for one in _HEARD:
            signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        os.close(self.life[1])
        threading.Thread(target=_outlives, args=(self.life[0],), daemon=True).start()
        code = _FAILED
        try:
            code = self.work(place, lambda: _ready(self.served[1], place))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        return code

    def watch(self, heard: int, say: Callable[[], None]) -> int:
        """Do what signals say until no process is left; return the exit code."""
        while self.places or self.due:
            ready, _, _ = select.select([heard, self.served[0]], [], [], self._seconds())
            if self.served[0] in ready:
                self.serves |= set(os.read(self.served[0], MOST))
                if not self.said and len(self.serves) == self.count:
                    self.said = True
                    say()
            if heard in ready:
                for one in os.read(heard, 64):
                    if one in _ENDS:
                        self.end(one)
            self._buried()
            self._replaced()
            if self.until is not None and monotonic() > self.until:
                self._passed(signal.SIGKILL)
        return self.code

    def _seconds(self) -> float | None:
        """Return how long to wait for a signal at most."""
        times = [*self.due.values(), *([] if self.until is None else [self.until])]
        return max(0.0, min(times) - monotonic()) if times else None

    def end(self, number: int) -> None:
        """Tell all to end."""
        self.until = self.until or monotonic() + GRACE_SECONDS + _SLACK_SECONDS
        self.due.clear()
        self._passed(number)

    def _passed(self, number: int) -> None:
        for pid in self.places:
            os.kill(pid, number)

    def _buried(self) -> None:
        """Take note of those that have ended."""
        for pid in tuple(self.places):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if not gone:
                continue
            place, code = self.places.pop(pid), os.waitstatus_to_exitcode(status)
            if self.until is not None:
                continue
            if not self.said:
                self.code = code if code > 0 else _FAILED
                self.end(signal.SIGTERM)
                continue
            self.log.error("process", place=place, ended=code)
            short = monotonic() - self.begun[place] < PAUSE_SECONDS
            self.due[place] = monotonic() + (PAUSE_SECONDS if short else 0.0)

    def _replaced(self) -> None:
        for place, at in tuple(self.due.items()):
            if monotonic() >= at:
                del self.due[place]
                self.fork(place)


@contextmanager
def _pipe() -> Iterator[tuple[int, int]]:
    """Return the two ends of a pipe, neither of which blocks its writer."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    try:
        yield reads, writes
    finally:
        os.close(reads)
        os.close(writes)


@contextmanager
def _listening(to: int) -> Iterator[None]:
    """Let signals be written into a pipe: libraries have threads, and a signal may come to any of them."""
    before = {one: signal.signal(one, _nothing) for one in _HEARD}
    was = signal.set_wakeup_fd(to)
    try:
        yield
    finally:
        signal.set_wakeup_fd(was)
        for one, handler in before.items():
            signal.signal(one, handler)


def _nothing(*_: object) -> None:
    """Do nothing: the signal stands in the pipe."""


def _ready(to: int, place: int) -> None:
    os.write(to, bytes([place]))


def _outlives(life: int) -> None:
    """End this process where the one that forked it is gone."""
    os.read(life, 1)
    os.kill(os.getpid(), signal.SIGTERM)
