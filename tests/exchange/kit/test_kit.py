"""Every test of the official kits of a payer's server, and ours, against a started server over HTTP; see rows.yaml.

A row is one test, on each database. Rows for which the HL7 validator is asked are slow; so is the second database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from typing import Any

import pytest

from priorauth.ledger.store import connect
from tests.exchange.kit import rows
from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import NotApplicable, Run
from tests.exchange.kit.started import started
from tests.ledger.conftest import DIALECTS, copied
from tests.servers import Server


@pytest.fixture(scope="module", params=[DIALECTS[0], pytest.param(DIALECTS[1], marks=pytest.mark.slow)])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """A run against a server over one of the databases."""
    with ExitStack() as closing:
        if request.param == "sqlite":
            store = closing.enter_context(copied(request.getfixturevalue("migrated")))
        else:
            server: Server = request.getfixturevalue("postgresql")
            url = closing.enter_context(server.like(request.getfixturevalue("template")))
            store = connect(url)
            closing.callback(store.close)
        yield Run(closing.enter_context(started(store)))


def params() -> list[Any]:
    return [pytest.param(one, id=one.name, marks=[pytest.mark.slow] if one.validator else []) for one in rows.listed()]


@pytest.mark.parametrize("row", params())
def test_of_a_kit(run: Run, row: Row, request: pytest.FixtureRequest) -> None:
    if row.not_applicable:
        pytest.skip(f"not applicable: {row.not_applicable}")
    if row.fails:
        request.applymarker(pytest.mark.xfail(reason=row.fails, strict=True))
    module, _, name = row.check.partition(".")
    try:
        getattr(import_module(f"tests.exchange.kit.{module}"), name)(run, row)
        if row.validator:
            assert run.errors(row) == []
    except NotApplicable as why:
        pytest.skip(f"not applicable: {why}")


def test_each_row_has_a_name_of_its_own() -> None:
    assert len({one.name for one in rows.listed()}) == len(rows.listed()) == 303
