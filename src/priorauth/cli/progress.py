"""How far a long command is: a bar on standard error where that is a terminal, else nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and of how much."""


@contextmanager
def bar() -> Iterator[Show]:
    """Give what shows progress; a stage with another name starts a bar of its own."""
    if not sys.stderr.isatty():
        yield lambda stage, done, of: None  # noqa: ARG005 - the shape is that of the bar
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    # Drawn as it is told, without a thread of its own: the commands that show it start processes by forking.
    shown = Progress(
        *columns, console=Console(stderr=True), auto_refresh=False, redirect_stdout=False, redirect_stderr=False
    )
    tasks: dict[str, TaskID] = {}

    def show(stage: str, done: int, of: int) -> None:
        if stage not in tasks:
            tasks[stage] = shown.add_task(stage, total=of)
        shown.update(tasks[stage], completed=done, total=of, refresh=True)

    with shown:
        yield show
