"""Compiled code is kept under a name that changes with every file that it may hold."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("numba")

from priorauth.population.ingest.plain import jit, scan


def test_the_edition_is_of_all_files_whose_code_goes_into_one_another() -> None:
    folder = Path(jit.__file__).parent
    text = b"".join((folder / f"{name}.py").read_bytes() for name in ("objects", "scan", "syntax"))
    assert sha256(text).hexdigest()[:12] == jit.EDITION


def test_compiled_functions_bear_the_edition_in_their_names() -> None:
    assert jit.EDITION in scan.scan.py_func.__qualname__  # type: ignore[attr-defined]  # numba's own wrapper
