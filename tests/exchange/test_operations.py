"""The table of all that is served: each once, each with what a token has to allow, each told of in the statement."""

from __future__ import annotations

from collections import Counter

from priorauth.exchange.call import ANYBODY
from priorauth.exchange.guard.scopes import wanted
from priorauth.exchange.operations import OPERATIONS


def test_each_is_served_once() -> None:
    assert [one for one, times in Counter((one.method, one.path) for one in OPERATIONS).items() if times > 1] == []
    named = Counter(one.name or one.path for one in OPERATIONS)
    assert max(named.values()) == 1, named.most_common(3)


def test_each_wants_a_token_that_allows_it_or_is_told_to_anybody() -> None:
    asked = {one.scope for one in OPERATIONS if one.kind == "fhir" and one.scope != ANYBODY}
    assert asked <= set(wanted())
