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
from tests.exchange.kit import documents, rows, validator
from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import NotApplicable, Run
from tests.exchange.kit.started import Json, started
from tests.exchange.kit.validator import Said, name_of
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


def errors(run: Run, row: Row, made: pytest.TempPathFactory) -> list[Said]:
    """Return what the validator finds in the documents of a row; it is asked once, of those of all rows."""

    def ask() -> dict[str, list[Said]]:
        listed: dict[str, list[Json]] = {"2.0": [], "2.2": []}
        for one in rows.listed():
            if one.validator and not one.not_applicable:
                listed[one.version[:3]] += documents.of(run, one)
        return validator.asked(made.mktemp("documents"), listed)

    found: dict[str, list[Said]] = run.once(("validator",), ask)
    return [said for one in documents.of(run, row) for said in found[name_of(one)] if validator.left(said) is None]


@pytest.mark.parametrize("row", params())
def test_of_a_kit(run: Run, row: Row, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    if row.not_applicable:
        pytest.skip(f"not applicable: {row.not_applicable}")
    if row.fails:
        request.applymarker(pytest.mark.xfail(reason=row.fails, strict=True))
    module, _, name = row.check.partition(".")
    try:
        getattr(import_module(f"tests.exchange.kit.{module}"), name)(run, row)
        if row.validator:
            assert errors(run, row, tmp_path_factory) == []
    except NotApplicable as why:
        pytest.skip(f"not applicable: {why}")


def test_each_row_has_a_name_of_its_own() -> None:
    assert len({one.name for one in rows.listed()}) == len(rows.listed()) == 303
