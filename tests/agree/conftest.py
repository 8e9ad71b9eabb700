"""Two processes decide and compare; at the end one line says how much was compared, and its mix."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.population.agreement import Tally

PROCESSES = 2
TALLY = pytest.StashKey[Tally]()
SPARK = pytest.StashKey[Counter[str]]()


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
    if same := config.stash.get(SPARK, Counter[str]()):
        members, parts = f"{same['members']:,} members over {same['versions']} versions", f"{same['parts']:,} parts"
        terminalreporter.write_line(f"DuckDB and Spark: {members} in {parts} of {same['bytes']:,} bytes; 0 differ")
