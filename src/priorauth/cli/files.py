"""Files that the command line names: what cannot be read or written is refused in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from priorauth.cli.output import refused
from priorauth.values import files


def read(path: Path, most: int) -> bytes:
    """Read a whole file, or standard input for ``-``."""
    try:
        return files.read(path, most)
    except files.FileFault as fault:
        raise refused(str(fault)) from None


def write(path: Path, text: str | bytes) -> None:
    """Write a file whole; text in UTF-8."""
    try:
        files.write(path, text)
    except files.FileFault as fault:
        raise refused(str(fault)) from None


def write_into(folder: Path, option: str, texts: Mapping[str, str | bytes]) -> None:
    """Write files whole into a folder, which is made; ``option`` names the folder in a fault. Text is UTF-8."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            files.write(folder / name, text)
    except files.FileFault as fault:
        raise refused(f"{option}: {fault}") from None
    except OSError as fault:
        raise refused(f"{option}: {fault.filename}: cannot be made: {fault.strerror}") from None


def apart(out: Path | None, *inputs: Iterable[Path]) -> None:
    """Refuse an output that is one of the inputs, or lies among them."""
    if out is None:
        return
    try:
        files.not_over(out, [one for listed in inputs for one in listed])
    except files.FileFault as fault:
        raise refused(str(fault)) from None
