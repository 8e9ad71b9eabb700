"""The folder of a population while it is written: one ingest at a time, and what a killed one left half written.

The lock is the kernel's, on ``OUT/.lock``: whoever is killed holds it no longer, so that no lock is ever stale.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from priorauth.errors import Fault, PopulationError

WORK: Final = ".work"
LOCK: Final = ".lock"
OWN: Final = frozenset({WORK, LOCK})
"""What an ingest that was begun leaves in a folder that is empty otherwise."""
OWN_NAME: Final = r"\.\w+-\d+-\d+"
"""How the name of a file ends until it is whole: a machine, a process and a number."""
_HALF: Final = re.compile(
    r"(?:input\.json|begins\.npy|deleted\.npy|"
    r"\d+\.(?:data|index|plain|plain\.data|plain\.names|deleted|json|tables|warnings|bucket|merged))" + OWN_NAME
)
"""Names that end in a machine, a process and a number: half written, in ``.work``."""
_HALF_OUT: Final = re.compile(r"(?:manifest\.json|rejects\.ndjson|warnings\.ndjson)" + OWN_NAME)
_MACHINE: Final = re.sub(r"\W", "_", os.uname().nodename)
_COUNT: Final = count()


def half(name: str) -> str:
    """Return the name under which a file is written until it is whole: no other machine, process or attempt has it."""
    return f"{name}.{_MACHINE}-{os.getpid()}-{next(_COUNT)}"


def placed(made: Path, there: Path) -> None:
    """Move a folder to where it belongs; what another attempt put there is whole, and the same."""
    if there.exists():
        return
    there.parent.mkdir(parents=True, exist_ok=True)
    try:
        made.replace(there)
    except OSError:  # another attempt was there first, or moved the very same
        if not there.is_dir():
            raise


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Hold a folder, made where it is missing, against every other ingest; raises PopulationError, OSError."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / LOCK).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PopulationError(Fault(str(out), None, "another ingest is writing into this folder")) from None
        yield


def cleared(out: Path) -> None:
    """Remove what a killed ingest left half written; nothing else is touched."""
    for folder, half in ((out, _HALF_OUT), (out / WORK, _HALF), (out / WORK / "shards", _HALF)):
        if not folder.is_dir():
            continue
        for path in folder.iterdir():
            if not half.fullmatch(path.name):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
