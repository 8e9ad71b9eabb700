"""The peer engine of CQL: the official translator and cql-execution under node, over one folder of libraries."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.parts import need

SCRIPTS = Path(__file__).parents[2] / "peers" / "cql"
PROCESSES = 2
"""Batches that run side by side."""


@dataclass(frozen=True)
class Peer:
    """A folder of translated libraries; answers come in the order of the cases."""

    folder: Path

    def answers(self, cases: Sequence[dict[str, Any]], zone: str = "UTC") -> list[dict[str, str]]:
        """Give the status of every criterion of each case, by the name of its definition."""
        size = -(-len(cases) // PROCESSES)
        batches = [cases[start : start + size] for start in range(0, len(cases), size)]
        with ThreadPoolExecutor(PROCESSES) as both:
            return [answer for found in both.map(lambda batch: self.batch(batch, zone), batches) for answer in found]

    def batch(self, cases: Sequence[dict[str, Any]], zone: str) -> list[dict[str, str]]:
        said = node("run.mjs", str(self.folder), given="\n".join(map(json.dumps, cases)), zone=zone)
        return [json.loads(line) for line in said.splitlines()]


def node(script: str, *arguments: str, given: str = "", zone: str = "UTC") -> str:
    """Run one of the scripts; what it says on its error stream is the message of the failure."""
    ran = subprocess.run(
        ["node", str(SCRIPTS / script), *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TZ": zone},
        timeout=900,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    return ran.stdout


def translated(folder: Path, libraries: dict[str, str]) -> Peer:
    """Write libraries into a folder and translate them; without node and its packages the test is skipped."""
    need(shutil.which("node"), "node runs the CQL engine")
    need((SCRIPTS / "node_modules").is_dir(), "npm ci --prefix tests/peers/cql installs the CQL engine")
    for name, text in libraries.items():
        (folder / f"{name}.cql").write_text(text, encoding="utf-8")
    node("translate.mjs", str(folder))
    return Peer(folder)
