"""What the guard serves is told to anybody, and stands in the table of all that is served."""

from __future__ import annotations

from priorauth.exchange.call import ANYBODY
from priorauth.exchange.guard.operations import GUARD
from priorauth.exchange.operations import OPERATIONS


def test_what_a_partner_needs_before_it_has_a_token_asks_for_none() -> None:
    assert {one.scope for one in GUARD} == {ANYBODY}
    assert set(GUARD) <= set(OPERATIONS)
