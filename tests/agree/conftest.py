"""Two processes decide and compare; at the end one line says how much was compared, and its mix."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import pytest

from tests.population.agreement import Tally

PROCESSES = 2


@dataclass(slots=True)
class Same:
    """How much of what Spark wrote was held against what DuckDB wrote, and where they differ."""

    versions: int = 0
    members: int = 0
    values: int = 0
    parts: int = 0
    bytes: int = 0
    differ: list[str] = field(default_factory=list)

    def add(self, other: Same) -> None:
        """Add what another counted."""
        self.versions += other.versions
        self.members += other.members
        self.values += other.values
        self.parts += other.parts
        self.bytes += other.bytes
        self.differ += other.differ

    @property
    def line(self) -> str:
        """Everything in one line."""
        return (
            f"{self.members:,} members over {self.versions} versions, {self.values:,} values "
            f"in {self.parts:,} parts of {self.bytes:,} bytes compared; {len(self.differ):,} differ"
        )


TALLY = pytest.StashKey[Tally]()
SPARK = pytest.StashKey[Same]()


@pytest.fixture(scope="session")
def processes() -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn"))
    yield pool
    pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def tally(pytestconfig: pytest.Config) -> Tally:
    return pytestconfig.stash.setdefault(TALLY, Tally())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(TALLY, Tally())
    if found.members:
        terminalreporter.write_line(f"Python and DuckDB: {found.line}")
    same = config.stash.get(SPARK, Same())
    if same.versions:
        terminalreporter.write_line(f"DuckDB and Spark: {same.line}")
