"""After `ready` a request loads nothing more: neither a module nor a table is left for the first one to wait for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIRST = """
import sys
from pathlib import Path
from priorauth.decide.determine import determine
from priorauth.decide.ready import ready
from priorauth.policy.catalog import open_catalog

if sys.argv[1] == "ready":
    ready(open_catalog())
before = set(sys.modules)
for path in sorted(Path("examples").glob("*.json")):
    determine(path.read_bytes())
print(*sorted(name for name in set(sys.modules) - before if name.startswith("priorauth")))
"""


def loaded(how: str) -> list[str]:
    """Return the modules that the examples load, one after another, in a process of their own."""
    asked = [sys.executable, "-c", FIRST, how]
    return subprocess.run(asked, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()


@pytest.mark.parametrize(("how", "some"), [("ready", False), ("not ready", True)])
def test_a_request_loads_modules_unless_the_process_was_made_ready(how: str, some: bool) -> None:  # noqa: FBT001
    assert bool(loaded(how)) == some
