"""The clocks of a case in words: until when, by which rule, what asking does, what was missed; none where none runs."""

from __future__ import annotations

from datetime import timedelta

from priorauth.ledger.acts.intake import Withdraw
from priorauth.server import reads
from priorauth.workbench.view import clocks as c
from tests.ledger import house
from tests.ledger.standing import LATE, LAW, case, sent
from tests.workbench.house import Desk


def shown(day: Desk, number: str, **ahead: float) -> c.Clocks:
    whole = reads.case(day.store, house.NURSE, number)
    return c.clocks(whole, {}, day.now + timedelta(**ahead))


def test_the_clock_that_binds_says_until_when_and_what_asking_does(day: Desk) -> None:
    number = day.receive("ask")
    found = shown(day, number)
    assert found.decide_by.startswith("decide by Tue 1 Dec 2026")
    assert "federal 7 days" in found.decide_by
    assert found.cited
    assert found.asking == "asking does not stop the clock"
    assert found.due_at == case(day.store, number)["due_at"]
    assert (found.missed, found.unknown) == ((), "")
    assert len(found.lines) >= 1


def test_a_clock_that_ran_out_is_told_with_whether_its_law_authorizes(day: Desk) -> None:
    found = shown(day, sent(day.store, LATE), days=30)
    assert {one.rule: one.authorizes for one in found.missed}[LAW]
    assert all(one.says for one in found.missed)
    plain = shown(day, day.receive("ask"), days=30)
    assert plain.missed
    assert not any(one.authorizes for one in plain.missed)


def test_a_case_that_ended_has_no_clock_that_binds(day: Desk) -> None:
    number = day.receive("ask")
    house.done(day.store, Withdraw(case=number, version=1), house.COORDINATOR)
    found = shown(day, number)
    assert (found.decide_by, found.cited, found.asking, found.due_at) == ("", "", "", None)


def test_a_clock_is_named_by_its_length_and_what_asking_does() -> None:
    assert c.named(None, None) == ""
    assert c.named("no-such-rule", None) == "no-such-rule"
    assert c.named(LAW, None).startswith("48 h")
