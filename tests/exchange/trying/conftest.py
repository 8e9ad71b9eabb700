"""One good server for every test of the room; who spoils its answers mends them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.exchange.trying.served import Tried, tried
from tests.ledger.conftest import copied


@pytest.fixture(scope="package")
def good(request: pytest.FixtureRequest) -> Iterator[Tried]:
    with copied(request.getfixturevalue("migrated")) as store, tried(store) as found:
        yield found
