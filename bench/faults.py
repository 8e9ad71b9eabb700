"""Faults of machines, many times over: what was acknowledged is there once. Figures of docs/ledger.md come from here.

python bench/faults.py                 # the full counts, half an hour on two cores; prints a table
python bench/faults.py --part 0.1      # a tenth of each
python bench/faults.py --write         # and puts the table into docs/ledger.md
python bench/faults.py --only disk --write   # these rows alone anew, the others as they stand there
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "ledger.md"
sys.path.insert(0, str(ROOT))
import figures  # noqa: E402  # stands beside this file

from tests.ledger import disks, faulty  # noqa: E402  # the tests stand beside this folder, not in a package
from tests.ledger.faulty import Found  # noqa: E402
from tests.server.crowd import crowded  # noqa: E402
from tests.servers import Server, server  # noqa: E402

Fault = Callable[[int, Path], Found]
COLUMNS: Final = 9
"""Parts of a row of the table, split at its bars."""


def faults(running: Server) -> Iterator[tuple[str, int, Fault]]:
    """Give each fault with its full count."""
    yield "SQLite: writers killed (-9)", 500, lambda count, here: faulty.killing(f"sqlite:///{here}/l.db", here, count)
    yield "PostgreSQL: writers killed (-9)", 200, lambda count, here: faulty.killing(running.fresh(), here, count)
    yield (
        "PostgreSQL: server stopped (immediate)",
        100,
        lambda count, here: faulty.stopping(running, running.fresh(), here, count),
    )
    yield (
        "PostgreSQL: connection cut within a commit",
        100,
        lambda count, _: faulty.cutting(running, running.fresh(), count),
    )
    yield (
        "PostgreSQL: five processes on the same cases",
        20_000,
        lambda count, here: faulty.several(running.fresh(), here, count),
    )
    yield (
        "SQLite: five processes on the same cases",
        5_000,
        lambda count, here: faulty.several(f"sqlite:///{here}/l.db", here, count),
    )
    yield (
        "PostgreSQL: two servers, three workers of the outbox, five clients",
        20_000,
        lambda count, here: crowded(running.fresh(), here, count),
    )
    if disks.may_mount():
        yield "SQLite: disk full", 20, lambda count, _: disks.filling_sqlite(count)
        yield "PostgreSQL: disk of the database full", 20, lambda count, _: disks.filling_postgresql(running, count)
        yield "PostgreSQL: disk of the whole server full", 20, lambda count, _: disks.filling_server(count)


def kept(made: list[str]) -> list[str]:
    """Return the rows of the page with those that were made in the place of their own, or at the end."""
    rows = {
        _name(row): row
        for row in PAGE.read_text("utf-8").splitlines()
        if row.startswith("|") and len(row.split("|")) == COLUMNS
    }
    return list((rows | {_name(row): row for row in made}).values())


def _name(row: str) -> str:
    return row.split("|")[1].strip()


def main() -> int:
    """Bring every fault about and print what was found; 1 where anything was lost or doubled."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--part", type=float, default=1.0, help="so much of each count")
    asked.add_argument("--only", default="", help="faults whose name has this")
    asked.add_argument("--write", action="store_true", help="put the table into docs/ledger.md")
    given = asked.parse_args()
    lines: list[str] = []
    head = [
        "| fault | times | acts done and told | not told, or refused | of them done | lost, doubled, broken | s |",
        "|---|---|---|---|---|---|---|",
    ]
    wrong: list[str] = []
    with server(safe=True) as running:
        for name, full, bring in faults(running):
            if given.only not in name:
                continue
            with tempfile.TemporaryDirectory(prefix="priorauth-faults-") as folder:
                begun = time.perf_counter()
                found = bring(max(1, round(full * given.part)), Path(folder))
                spent = time.perf_counter() - begun
            wrong += [f"{name}: {fault}" for fault in found.faults]
            lines.append(
                f"| {name} | {found.struck:,} | {found.acknowledged:,} | {found.under_way:,} |"
                f" {found.of_them_done:,} | {len(found.faults)} | {spent:,.0f} |"
            )
            print(lines[-1], flush=True)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    print("\n".join([*head, *lines, "", machine, *wrong]))
    if given.write:
        rows = [*head, *(kept(lines)[2:] if given.only else lines)]
        figures.write(PAGE, "faults", [*rows, "", f"{machine}; PostgreSQL with `fsync = on`."])
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
