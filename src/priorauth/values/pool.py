"""Processes that do numbered work, and that never outlive the one that began them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

Made = TypeVar("Made")


def on_all(
    jobs: int, function: Callable[..., Made], shared: tuple[object, ...], numbers: Sequence[int]
) -> Iterator[Made]:
    """Run a function for each number on so many processes, results in order; what they share is sent to each once.

    Raises BrokenProcessPool where a process was ended from outside. Where anything is raised, what waits is not begun.
    """
    if jobs == 1 or len(numbers) < 2:  # noqa: PLR2004  # one is not worth a process
        for number in numbers:
            yield function(*shared, number)
        return
    pool = ProcessPoolExecutor(
        min(jobs, len(numbers)), mp_context=get_context("spawn"), initializer=_begin, initargs=(function, shared)
    )
    try:
        yield from pool.map(_one, numbers)
    finally:
        pool.shutdown(cancel_futures=True)


_HELD: list[tuple[Callable[..., Any], tuple[object, ...]]] = []


def _begin(function: Callable[..., Any], shared: tuple[object, ...]) -> None:
    """Begin a process: it holds what is shared, leaves Ctrl-C to its parent, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _HELD[:] = [(function, shared)]


def _end_with(sentinel: int) -> None:
    """Wait until the parent is gone, however it went (the pipe between the two closes), and end at once."""
    wait([sentinel])
    os._exit(1)


def _one(number: int) -> Any:  # noqa: ANN401  # whatever the function gives
    function, shared = _HELD[0]
    return function(*shared, number)
