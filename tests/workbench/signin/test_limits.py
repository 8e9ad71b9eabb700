"""How often an address and a person may try."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from starlette.requests import Request

from priorauth.ledger import tables as t
from priorauth.ledger.store import Store
from priorauth.workbench.signin import limits, people
from tests.ledger.house import NOW, TENANT, furnish
from tests.workbench.signin.plan import told

MINUTE = timedelta(minutes=1)


def _plan(store: Store) -> people.Plan:
    with store.reading(TENANT) as connection:
        found = people.plan(connection, TENANT)
    assert found is not None
    return found


def _asked(host: str, forwarded: str | None = None) -> Request:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers, "client": (host, 1)})


@pytest.mark.parametrize(
    ("host", "forwarded", "whence"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.5", "192.0.2.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.5", None, "unknown"),
        ("10.0.0.5", "nonsense", "unknown"),
        ("127.0.0.1", None, None),
        ("::1", None, None),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("testclient", None, "unknown"),
    ],
)
def test_an_address_is_that_of_the_browser_and_a_proxy_is_believed_where_the_plan_trusts_it(
    host: str, forwarded: str | None, whence: str | None
) -> None:
    for trusted in (["10.0.0.5"], "10.0.0.5 10.0.0.6"):
        of = people.Plan(TENANT, "A plan", ZoneInfo("UTC"), {"trusted_proxies": trusted})
        assert limits.address(_asked(host, forwarded), of) == whence
    of = people.Plan(TENANT, "A plan", ZoneInfo("UTC"), {})
    assert forwarded is None or limits.address(_asked(host, forwarded), of) == host


def test_an_address_waits_after_so_many_tries_and_may_again_later(store: Store) -> None:
    furnish(store, tries_of_address=3, tries_minutes=10)
    of = _plan(store)
    with store.writing(TENANT) as connection:
        assert [limits.counted(connection, of, "a", NOW + n * MINUTE) for n in range(5)] == [0, 0, 0, 420, 360]
        assert limits.counted(connection, of, "b", NOW) == 0
        assert limits.counted(connection, of, None, NOW) == 0
        assert limits.counted(connection, of, "a", NOW + 10 * MINUTE) == 0
    assert [one["tries"] for one in told(store, "address-held-back")] == [3]


def test_a_try_that_was_right_is_given_back(store: Store) -> None:
    furnish(store, tries_of_address=2)
    of = _plan(store)
    with store.writing(TENANT) as connection:
        for _ in range(5):
            assert limits.counted(connection, of, "a", NOW) == 0
            limits.forgiven(connection, of, "a")
        limits.forgiven(connection, of, "a")
        limits.forgiven(connection, of, None)
        assert connection.execute(select(t.sign_in_try.c["count"])).scalars().all() == [0]


def test_no_address_stands_in_the_ledger_in_the_clear(store: Store) -> None:
    furnish(store)
    with store.writing(TENANT) as connection:
        limits.counted(connection, _plan(store), "203.0.113.7", NOW)
        rows = connection.execute(select(t.sign_in_try)).all()
    assert "203.0.113.7" not in str(rows)


def test_a_password_is_not_looked_at_after_five_wrong_ones_and_each_time_longer(store: Store) -> None:
    furnish(store)
    of = _plan(store)
    with store.writing(TENANT) as connection:
        connection.execute(t.account.insert(), {"tenant": TENANT, "person": "nina", "failed": 0})
        at, waited = NOW, []
        for _ in range(8):
            assert [limits.locked(connection, of, "nina", at) for _ in range(6)] == [False] * 5 + [True]
            until = connection.execute(select(t.account.c.locked_until)).scalar_one()
            waited.append((until - at) // MINUTE)
            at = until
        assert not limits.locked(connection, of, "nobody", NOW)
    assert waited == [15, 30, 60, 120, 240, 480, 480, 480]
    assert [one["failed"] for one in told(store, "password-locked")] == [5, 10, 15, 20, 25, 30, 35, 40]


def test_a_password_that_was_right_begins_the_count_anew(store: Store) -> None:
    furnish(store)
    of = _plan(store)
    with store.writing(TENANT) as connection:
        connection.execute(t.account.insert(), {"tenant": TENANT, "person": "nina", "failed": 4})
        assert not limits.locked(connection, of, "nina", NOW)
        limits.opened(connection, of, "nina")
        assert not limits.locked(connection, of, "nina", NOW)
