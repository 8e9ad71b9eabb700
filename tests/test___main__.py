"""``python -m priorauth`` and ``python -m priorauth.cli.main`` are the command."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["priorauth", "priorauth.cli.main"])
def test_the_module_is_the_command(module: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", module, "determine", "none.json"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "none.json: cannot be read: No such file or directory\n"
