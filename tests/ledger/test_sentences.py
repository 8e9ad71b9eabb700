"""Every event of a case has its sentence, filled with what the event says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from priorauth import ledger
from priorauth.ledger.sentences import SENTENCES, sentence
from priorauth.ledger.whole import Event

NO_CASE: Final = {
    *("token", "token revoked", "set-up", "setting", "day closed", "day opened", "organisation", "person", "licence"),
    *("role", "role proposed", "role ended", "may-sign", "may sign no longer", "looked into"),
    *("reading-proposed", "reading-published", "reading-refused", "reading-withdrawn", "cases-named"),
}
"""Events of the tenant."""


def event(what: str, why: str | None = None, **say: Any) -> Event:
    at = datetime(2026, 11, 24, 14, tzinfo=UTC)
    return Event(number=1, at=at, what=what, person=None, role="nurse", behalf=None, to_version=1, why=why, say=say)


def spoken(at: datetime) -> str:
    return f"{at:%d %b}"


def test_every_event_of_a_case_that_the_ledger_seals_has_a_sentence() -> None:
    room = Path(str(ledger.__file__)).parent
    named = {
        name
        for path in room.rglob("*.py")
        for call in re.findall(r"\.event\(\s*([^)]*)", path.read_text("utf-8"))
        for name in re.findall(r'^"([a-z -]+)"', call)
    }
    assert len(named) > 25
    assert named - NO_CASE <= set(SENTENCES)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (event("ran", run=2, cause="answers", outcomes={"1": "approve", "2": "not-yet"}),
         "Run 2 was made (answers): item 1 approve, item 2 not-yet."),
        (event("asked", facts=["hba1c", "age"], until="2026-11-27T16:10:00.000000Z"),
         "The clinic was asked for hba1c, age, until 27 Nov."),
        (event("settled", "the letter is newer", criterion="II.A.T.5", value=True),
         "II.A.T.5 was settled as yes. Why: the letter is newer"),
        (event("clocks", due=None, rule=None), "No clock binds."),
        (event("approved", run=1), "Approved by rule."),
        (event("approved", items=[1, 2]), "Approved: items 1, 2."),
        (event("something new"), "Something new."),
    ],
)  # fmt: skip
def test_a_sentence_is_filled_with_what_the_event_says(made: Event, said: str) -> None:
    assert sentence(made, spoken) == said
