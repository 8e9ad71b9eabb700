"""One-time links."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.ledger.acts.setup import AddPerson
from priorauth.ledger.store import Store
from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import accounts, links
from tests.ledger.house import NOW, SYSTEM, TENANT, done, furnish
from tests.workbench.signin.plan import PASSWORD, told

DAY = timedelta(days=1)


def test_a_link_sets_a_password_once(store: Store) -> None:
    furnish(store)
    token, ends = links.make(store, SYSTEM, "nina", NOW)
    assert ends == NOW + DAY
    assert links.tenant_of(token) == TENANT
    for _ in range(2):  # to open it does not use it up
        found = links.whose(store, token, NOW)
        assert found is not None
        assert found.person == "nina"
    assert links.use(store, token, PASSWORD, NOW) == found
    assert links.use(store, token, PASSWORD, NOW) is None
    assert links.whose(store, token, NOW) is None
    assert accounts.tried(store, TENANT, "nina", PASSWORD, whence=None, now=NOW) == "right"
    assert [one["what"] for one in told(store, "link-made", "link-used", "password-set")] == [
        "link-made", "link-used", "password-set",
    ]  # fmt: skip


def test_a_password_that_is_not_taken_does_not_use_it_up(store: Store) -> None:
    furnish(store)
    token = links.make(store, SYSTEM, "nina", NOW).token
    with pytest.raises(Refusal, match="at least 12"):
        links.use(store, token, "short", NOW)
    assert links.use(store, token, None, NOW) is not None
    assert not accounts.has_password(store, TENANT, "nina")


def test_a_link_of_yesterday_one_that_was_made_anew_and_of_one_who_left_are_no_good(store: Store) -> None:
    furnish(store)
    old = links.make(store, SYSTEM, "nina", NOW).token
    new = links.make(store, SYSTEM, "nina", NOW).token
    assert links.use(store, old, None, NOW) is None
    assert links.use(store, new, None, NOW + DAY) is None
    done(store, AddPerson(person="nina", title="Nina", active=False))
    assert links.use(store, new, PASSWORD, NOW) is None
    for token in ("", new[:-1], f"palink.other.{'x' * 43}"):
        assert links.whose(store, token, NOW) is None
        assert links.use(store, token, None, NOW) is None


def test_nobody_has_a_link(store: Store) -> None:
    furnish(store)
    with pytest.raises(Refusal, match="nobody named newt"):
        links.make(store, SYSTEM, "newt", NOW)
