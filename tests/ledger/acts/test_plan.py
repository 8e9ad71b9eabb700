"""Single settings of a plan: numbers, and days of its own, which the clocks leave out from then on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from priorauth.ledger import clocking
from priorauth.ledger import tables as t
from priorauth.ledger.acts.plan import ChangeNumber, CloseDay
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.care.replay import settings_of
from priorauth.ledger.care.verify import verify
from priorauth.ledger.store import Store
from tests.ledger.house import ADMIN, NOW, NURSE, TENANT, done, furnish, refused
from tests.ledger.standing import rows

DAY = date(2026, 12, 24)


def settings(store: Store) -> dict[str, object]:
    return dict(rows(store, t.tenant)[0]["settings"])


def test_a_number_is_changed_alone_and_goes_back(store: Store) -> None:
    furnish(store, approve_by_rule=True)
    done(store, ChangeNumber(setting="answer_days", value=9), ADMIN)
    assert settings(store) == {"approve_by_rule": True, "answer_days": 9}
    done(store, ChangeNumber(setting="answer_days", value=None), ADMIN)
    assert settings(store) == {"approve_by_rule": True}
    with store.reading(TENANT) as connection:
        assert [one.settings.get("answer_days") for one in settings_of(connection, TENANT)] == [None, 9, None]
    assert verify(store, TENANT).faults == ()


def test_only_numbers_that_there_are_are_changed_and_only_by_an_admin(store: Store) -> None:
    furnish(store)
    for setting, value in (("clocks", 1), ("answer_days", 0), ("answer_days", -3), ("answer_days", 10**6)):
        assert refused(store, ChangeNumber(setting=setting, value=value), ADMIN).code == "invalid"
    assert refused(store, ChangeNumber(setting="answer_days", value=9), NURSE).code == "no-right"


def test_a_closed_day_does_not_count_for_the_clocks_until_it_is_opened_again(store: Store) -> None:
    furnish(store)
    done(store, CloseDay(day=DAY, title=" Christmas Eve "), ADMIN)
    assert settings(store)["closed_days"] == {"2026-12-24": "Christmas Eve"}
    assert DAY in clocking.book_of(settings(store)).closed
    done(store, CloseDay(day=DAY, title="", open=True), ADMIN)
    assert DAY not in clocking.book_of(settings(store)).closed
    assert refused(store, CloseDay(day=DAY, title="", open=True), ADMIN).code == "not-found"
    assert verify(store, TENANT).faults == ()


def test_no_day_is_closed_behind_clocks_that_have_run(store: Store) -> None:
    furnish(store)
    for day, title in ((NOW.date(), "today"), (NOW.date() - timedelta(days=9), "past"), (DAY, " "), (DAY, "x" * 121)):
        assert refused(store, CloseDay(day=day, title=title), ADMIN).code == "invalid", day


@pytest.mark.parametrize(
    "days", [{"2026-02-30": "none"}, {"soon": "x"}, ["2026-12-24"], "2026-12-24", {"2026-2-3": ""}]
)
def test_closed_days_of_a_file_are_days(store: Store, days: object) -> None:
    found = refused(store, SetUp(title="A plan", zone="UTC", settings={"closed_days": days}))
    assert "closed_days" in found.reason
