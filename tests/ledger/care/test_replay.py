"""A run done again gives the same bytes, or says what it rests on that is another now; else it is an alarm."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from priorauth.ledger import runs
from priorauth.ledger.acts.intake import Repeat
from priorauth.ledger.acts.setup import SetUp
from priorauth.ledger.care.replay import Replayed, replay, replay_beside, replay_case
from priorauth.ledger.store import Store
from tests.ledger.care.plan import APPROVED, ASKED
from tests.ledger.care.test_verify import altered
from tests.ledger.house import NOW, TENANT, done

SAME = "the same bytes"


def found(store: Store, case: str) -> list[Replayed]:
    return [one for one in replay(store, TENANT) if one.case_no == case]


def test_every_run_gives_the_same_bytes(plan: Store) -> None:
    assert [one.said for one in replay(plan, TENANT)] == [SAME] * 4


def test_the_runs_of_one_case_alone(plan: Store) -> None:
    every = list(replay(plan, TENANT))
    case = every[0].case_no
    assert list(replay_case(plan, TENANT, case)) == [one for one in every if one.case_no == case]
    assert list(replay_case(plan, TENANT, "26-9999")) == []


def test_runs_since_a_day_alone(plan: Store) -> None:
    assert len(list(replay(plan, TENANT, date(2026, 11, 24)))) == 4
    assert list(replay(plan, TENANT, date(2026, 11, 25))) == []


def test_a_run_is_done_under_the_settings_that_held_then(plan: Store) -> None:
    later = NOW + timedelta(hours=1)
    readings = {"hba1c_age": "6 months"}
    done(plan, SetUp(title="A plan", zone="America/New_York", settings={"readings": readings}), now=later)
    done(plan, Repeat(case=ASKED), now=later + timedelta(hours=1))
    assert [one.verdict for one in found(plan, ASKED)] == ["same", "same"]


def test_another_engine_than_then_is_named(plan: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    altered(plan, f"""UPDATE "run" SET engine = 'priorauth 0.0.9', rows = determinations WHERE case_no = '{ASKED}'""")
    assert [one.said for one in found(plan, ASKED)] == ["another engine than then"]
    monkeypatch.setattr(runs, "ENGINE", "priorauth 0.0.9")
    assert [one.verdict for one in found(plan, ASKED)] == ["alarm"]


def test_another_policy_than_then_is_named(plan: Store) -> None:
    old = 'REPLACE(pins, \'"policy":"\', \'"policy":"0\')'
    altered(plan, f"""UPDATE "run" SET pins = {old}, rows = determinations WHERE case_no = '{ASKED}'""")
    assert [one.said for one in found(plan, ASKED)] == ["another policy than then"]


def test_a_difference_without_a_reason_is_an_alarm(plan: Store) -> None:
    altered(plan, f"""UPDATE "run" SET determinations = rows WHERE case_no = '{APPROVED}'""")
    (one,) = found(plan, APPROVED)
    assert (one.verdict, one.said) == ("alarm", "differs, and everything it rests on is the same")


def test_a_run_whose_inputs_are_lost_is_an_alarm(plan: Store) -> None:
    lost = """REPLACE(inputs, '"sha256":"', '"sha256":"0')"""
    altered(plan, f"""UPDATE "run" SET inputs = {lost} WHERE case_no = '{APPROVED}'""")
    (one,) = found(plan, APPROVED)
    assert (one.verdict, one.said.endswith("is not there")) == ("alarm", True)


@pytest.mark.slow
def test_several_processes_find_the_same_in_the_same_order(plan: Store, address: str) -> None:
    assert list(replay_beside(address, TENANT, None, 2)) == list(replay(plan, TENANT))
