"""The moment of a command has a zone and does not run backward."""

from __future__ import annotations

from datetime import timedelta

from priorauth.cli.ledger.now import now


def test_the_moment_is_one_of_utc() -> None:
    assert now().utcoffset() == timedelta(0)
    assert now() <= now()
