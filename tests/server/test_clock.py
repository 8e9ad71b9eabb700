"""The wall clock."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path

import priorauth
from priorauth.server import clock


def test_the_moment_has_a_zone_and_does_not_run_backward() -> None:
    before = clock.now()
    assert before.tzinfo is UTC
    assert before <= clock.now()


def test_the_wall_clock_is_read_at_the_edge_alone() -> None:
    home = Path(priorauth.__file__).parent
    reads = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|utcnow\(")
    found = {path.relative_to(home).as_posix() for path in home.rglob("*.py") if reads.search(path.read_text("utf-8"))}
    assert found == {"server/clock.py"}
