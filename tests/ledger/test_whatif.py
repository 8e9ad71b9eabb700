"""Past cases decided again with a reading or a version changed; nothing is written."""

from __future__ import annotations

from datetime import date

import pytest

from priorauth.errors import PolicyFaults
from priorauth.ledger import tables as t
from priorauth.ledger import whatif
from priorauth.ledger.store import Store
from priorauth.ledger.whatif import UNREAD, Change, Item
from tests.ledger.care.test_verify import altered
from tests.ledger.house import TENANT, furnish, received
from tests.ledger.standing import rows

POLICY = "masshealth/insulin-pumps"


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    for name in ("approve", "ask", "medicare"):
        received(store, name)
    return store


def found(store: Store, change: Change) -> list[Item]:
    with store.reading(TENANT) as connection:
        cases = whatif.past(connection, TENANT, change.policy)
        return [item for items in whatif.again(connection, TENANT, change, cases).values() for item in items]


def test_a_longer_window_changes_the_case_that_it_concerns_and_no_other(plan: Store) -> None:
    before = rows(plan, t.event)
    items = found(plan, Change(POLICY, "testing_window", "90 days"))
    assert [one.case_no for one in items] == ["26-0002", "26-0001"]
    assert [one for one in items if one.moved] == [Item("26-0001", "1", "approve", "request-information")]
    assert rows(plan, t.event) == before


def test_the_value_that_held_changes_nothing(plan: Store) -> None:
    assert not any(one.moved for one in found(plan, Change(POLICY, "testing_window", "30 days")))


def test_a_version_is_in_force_whatever_the_day(plan: Store) -> None:
    assert not any(one.moved for one in found(plan, Change(POLICY, version="2016-01-01")))
    catalog = whatif.changed({}, Change("caresource/insulin-infusion-pump", version="2025-02-26"))
    day = date(2026, 11, 24).toordinal()
    held = catalog.in_force("caresource/insulin-infusion-pump", {"request": day, "service": day, "receipt": day})
    assert held is not None
    assert held.file.endswith("2025-02-26.yaml")
    with pytest.raises(PolicyFaults, match="has no version from 1999-01-01"):
        whatif.changed({}, Change(POLICY, version="1999-01-01"))


def test_a_case_whose_inputs_are_lost_is_counted_as_one_that_cannot_be_read(plan: Store) -> None:
    lost = """REPLACE(inputs, '"sha256":"', '"sha256":"0')"""
    altered(plan, f"""UPDATE "run" SET inputs = {lost} WHERE case_no = '26-0001'""")
    assert [one.after for one in found(plan, Change(POLICY, "testing_window", "90 days"))][-1] == UNREAD


def test_cases_are_counted_by_policy(plan: Store) -> None:
    with plan.reading(TENANT) as connection:
        counted = whatif.counted(connection, TENANT)
    assert counted[POLICY] == 2
    assert sum(counted.values()) == 3
