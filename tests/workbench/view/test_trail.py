"""Events as sentences: people, facts and queues by their names, what was read apart, one act as one step."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import priorauth
from priorauth.ledger.sentences import SENTENCES
from priorauth.ledger.trail import Entry
from priorauth.workbench.view import trail

AT = datetime(2026, 11, 24, 14, tzinfo=UTC)
ZONE = ZoneInfo("America/New_York")
NAMES = {"nina": "Nina Nurse", "dora": "Dora"}


def entry(what: str, number: int = 1, at: datetime = AT, by: str | None = "nina", **say: Any) -> Entry:
    return Entry(
        case="26-0001", number=number, at=at, what=what, person=by, role="nurse", organisation=None, behalf=None,
        from_version=1, to_version=2, why=None, say=say, left={}, previous="0" * 64, hash="1" * 64,
    )  # fmt: skip


def says(one: Entry) -> str:
    return trail.told(one, NAMES, ZONE).says


def test_what_is_said_names_people_facts_and_queues_in_words() -> None:
    assert says(entry("handed over", to="dora")) == "The case was handed to Dora."
    assert says(entry("routed", queue="director")) == "The case went to the queue of the medical directors."
    assert (
        says(entry("asked", facts=["request_kind"], until="soon"))
        == "The clinic was asked for kind of request, until soon."
    )
    assert says(entry("role", person="dora", role="director")) == "Dora was given the role director."
    assert says(entry("something new", odd=1)) == "Something new."


def test_every_event_that_the_ledger_or_the_workbench_seals_has_a_sentence() -> None:
    room = Path(str(priorauth.__file__)).parent
    found = set()
    for path in (*room.glob("ledger/**/*.py"), *room.glob("workbench/**/*.py")):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'\.event\(\s*"([a-z -]+)"', text))
        found |= set(re.findall(r'tell\([^"]*?"([a-z -]+)"', text))
    assert len(found) > 40
    assert sorted(found - set(SENTENCES) - set(trail.OF_PLAN)) == []


def test_a_role_that_a_name_ends_with_is_not_said_twice() -> None:
    assert trail.told(entry("taken"), {"nina": "Nina, nurse"}, ZONE).who == "Nina, nurse"
    assert trail.told(entry("taken"), NAMES, ZONE).who == "Nina Nurse, nurse"
    assert trail.told(entry("taken", by=None), NAMES, ZONE).who == "Nurse"


def test_days_are_the_plans_and_one_act_is_one_step_and_reading_stands_apart() -> None:
    night = datetime(2026, 11, 25, 3, tzinfo=UTC)  # 24 November in New York
    found = trail.days(
        [
            entry("answered", 1, channel="portal"),
            entry("ran", 2, run=1, cause="answers", outcomes={}),
            entry("read", 3, of="document 1"),
            entry("taken", 4, night),
            entry("taken", 5, night + timedelta(days=1)),
        ],
        NAMES,
        ZONE,
    )
    assert [one.day.day for one in found] == [24, 25]
    assert [len(step.says) for step in found[0].steps] == [2, 1]
    assert [one.number for one in found[0].read] == [3]
    assert [one.number for one in found[0].every] == [1, 2, 3, 4]
