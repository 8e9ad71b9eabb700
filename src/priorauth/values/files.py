"""Files are read within a limit and written whole: one place that opens what a person names.

Read is a regular file, or standard input where the name is ``-``: a pipe without an end, a device or a folder is
refused before a byte of it is read. Written is beside the place and put there by renaming, so that a fault leaves
what was there before; what is no regular file is never written over, and an output is never one of the inputs.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final

STDIN: Final = Path("-")
_KINDS: Final = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


class FileFault(ValueError):
    """A file that cannot be read or written: ``problem`` says why, without the name."""

    def __init__(self, path: Path, problem: str) -> None:
        """Keep the name beside the problem."""
        super().__init__(f"{path}: {problem}")
        self.path, self.problem = path, problem


def read(path: Path, most: int) -> bytes:
    """Read a whole file of at most so many bytes; raises FileFault."""
    if path == STDIN:
        return _standard_input(most)
    regular(path)
    try:
        # what stood there may have been exchanged since; to open a named pipe without O_NONBLOCK waits for a writer
        with open(path, "rb", opener=_at_once) as file:
            found = os.fstat(file.fileno())
            if problem := _kind(found.st_mode):
                raise FileFault(path, problem)
            if found.st_size > most:
                raise FileFault(path, _too_many(most, found.st_size))
            data = file.read(most + 1)
    except OSError as fault:
        raise FileFault(path, f"cannot be read: {fault.strerror}") from None
    if len(data) > most:
        raise FileFault(path, _too_many(most))
    return data


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file to be read piece by piece; raises FileFault."""
    regular(path)
    try:
        file = open(path, "rb", opener=_at_once)  # noqa: SIM115  (closed below, and only what opens is told here)
    except OSError as fault:
        raise FileFault(path, f"cannot be read: {fault.strerror}") from None
    with file:
        if problem := _kind(os.fstat(file.fileno()).st_mode):
            raise FileFault(path, problem)
        yield file


def regular(path: Path) -> Path:
    """Return a path on; raises FileFault where it is no regular file, for readers that open by name."""
    try:
        mode = path.stat().st_mode
    except OSError as fault:
        raise FileFault(path, f"cannot be read: {fault.strerror}") from None
    if problem := _kind(mode):
        raise FileFault(path, problem)
    return path


def _standard_input(most: int) -> bytes:
    if sys.stdin is None:
        raise FileFault(STDIN, "standard input is closed")
    try:
        data = sys.stdin.buffer.read(most + 1)
    except OSError as fault:
        raise FileFault(STDIN, f"standard input cannot be read: {fault.strerror}") from None
    if len(data) > most:
        raise FileFault(STDIN, _too_many(most))
    return data


def _kind(mode: int) -> str | None:
    """Return what it is instead of a regular file; None where it is one."""
    if stat.S_ISREG(mode):
        return None
    return f"expected a file, found {next((said for test, said in _KINDS if test(mode)), 'something else')}"


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def _too_many(most: int, found: int | None = None) -> str:
    return f"expected at most {most:,} bytes" + ("" if found is None else f", found {found:,}")


# ---- writing


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give the name of a new file beside the place; once it is written without a fault it takes the place.

    Raises FileFault where something other than a regular file stands there, OSError as writing does.
    """
    target = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        if problem := _kind(target.stat().st_mode):
            raise FileFault(path, f"cannot be written: {problem}")
    partial = _beside(target)
    try:
        yield partial
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def write(path: Path, data: bytes | str) -> None:
    """Write a file whole; raises FileFault."""
    try:
        with replacing(path) as partial:
            partial.write_bytes(data.encode("utf-8", "backslashreplace") if isinstance(data, str) else data)
    except OSError as fault:
        raise FileFault(path, f"cannot be written: {fault.strerror}") from None


def _beside(target: Path) -> Path:
    """Make a file of a name that nothing else has."""
    for number in count():
        partial = target.with_name(f".{target.name}.{os.getpid()}-{number}.partial")
        with suppress(FileExistsError):
            partial.touch(exist_ok=False)
            return partial
    raise AssertionError  # pragma: no cover - one of the numbers is free


def not_over(out: Path, inputs: Iterable[Path]) -> None:
    """Raise FileFault where an output is one of the inputs, lies in a folder of inputs, or is a folder of them."""
    place = Path(os.path.realpath(out))
    for one in inputs:
        if one == STDIN:
            continue
        given = Path(os.path.realpath(one))
        if place == given or _same(place, given):
            raise FileFault(out, "expected an output that is none of the inputs")
        if given.is_dir() and place.is_relative_to(given):
            raise FileFault(out, f"expected an output outside of {one}, which is read")
        if given.is_relative_to(place):
            raise FileFault(out, f"expected an output that does not hold {one}, which is read")


def _same(one: Path, two: Path) -> bool:
    with suppress(OSError):
        return one.samefile(two)
    return False
