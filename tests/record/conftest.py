"""At the end of a run that damaged worked cases, the counts by kind."""

from __future__ import annotations

import sys

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if "tests.record.fails_closed" not in sys.modules:  # nothing was damaged, and to load what damages takes seconds
        return
    from tests.record.fails_closed import ALL, table

    found = list(config.stash.get(ALL, {}).values())
    if found:
        terminalreporter.write_sep("-", "damaged cases")
        terminalreporter.write_line(table(found))
