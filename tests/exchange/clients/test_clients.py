"""Clients of the field, not ours: each asks what a clinic asks, of an open and of a closed server, in both versions.

What they were answered stands in docs/exchange-clients.md, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from priorauth.ledger.store import Store
from tests.exchange.clients import asking
from tests.exchange.clients.asking import ROOT, Door, Json

PAGE = (ROOT / "docs" / "exchange-clients.md").read_text("utf-8")
Client = Callable[[Door, Path], list[tuple[str, Json]]]


def shown(client: str, version: str) -> str:
    """Return the session that the docs show of a client."""
    found = re.search(rf"<!-- session: {client} {version} -->\n\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None, (client, version)
    return found[1]


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.0", "2.2"])
@pytest.mark.parametrize("client", [asking.hapi, asking.fhir_kit, asking.fhirpy])
def test_a_client_is_answered_by_a_closed_server(client: Client, version: str, store: Store, tmp_path: Path) -> None:
    with asking.closed(store, version) as door:
        assert asking.transcript(client(door, tmp_path)) == shown(client.__name__, version)


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_clients_are_answered_by_an_open_server(version: str, tmp_path: Path) -> None:
    with asking.opened(version, tmp_path) as door:
        for client in (asking.hapi, asking.fhir_kit, asking.fhirpy):
            assert asking.transcript(client(door, tmp_path)) == shown(client.__name__, version)


def test_fhirpy_is_answered_by_a_closed_server(store: Store, tmp_path: Path) -> None:
    with asking.closed(store, "2.2") as door:
        assert asking.transcript(asking.fhirpy(door, tmp_path)) == shown("fhirpy", "2.2")
