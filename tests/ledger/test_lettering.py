"""What a letter prints and what a clock counts are the same figures, though each room keeps its own."""

from __future__ import annotations

import pytest

from priorauth.decide.determine import determine
from priorauth.ledger.clocks import load
from priorauth.ledger.lettering import GROUNDS, KINDS, asked_only
from priorauth.letters.asked import wanted
from priorauth.letters.facts import Line
from priorauth.letters.lines import owed
from tests.ledger.house import EXAMPLES

BOOK = load.shipped()
PAIRS: list[tuple[Line, str, str, str]] = [
    ("masshealth", "MA", "masshealth", "mh-std"),
    ("husky", "CT", "husky", "hu-std"),
    ("caresource-qhp", "GA", "marketplace", "cs-fed-std"),
    ("anthem-insured", "CT", "connecticut", "an-ct-std"),
    ("anthem-insured", "OH", "erisa", "an-erisa-std"),
    ("anthem-erisa", "OH", "erisa", "an-erisa-std"),
    ("uhc-ma", "CT", "medicare-advantage", "uh-std"),
    ("medicaid-managed-care", "MA", "medicaid-managed-care", "mco-std"),
]


@pytest.mark.parametrize(("line", "state", "way", "clock"), PAIRS)
def test_a_letter_gives_the_days_to_appeal_that_the_clock_counts(line: Line, state: str, way: str, clock: str) -> None:
    del clock
    right = owed(line, state).appeal
    level = next(one for one in BOOK.appeals[way].levels if one.file is not None)
    assert level.file is not None
    assert level.file.amount.unit == "calendar days"
    assert level.file.amount.count == right.days
    assert (level.presumed.amount.count if level.presumed else 0) == right.presumed
    assert level.file.source.verified == (right.verified == "yes")


@pytest.mark.parametrize(("line", "state", "way", "clock"), PAIRS)
def test_a_letter_of_extension_has_the_days_and_grounds_of_the_clock(
    line: Line, state: str, way: str, clock: str
) -> None:
    del way
    printed, counted = owed(line, state).extension, BOOK.clocks[clock].extension
    assert printed is not None
    assert counted is not None
    assert printed.days == counted.by.amount.count
    assert {GROUNDS[ground] for ground in counted.grounds} == set(printed.grounds)


def test_every_ground_of_a_clock_has_its_sentence() -> None:
    assert set(GROUNDS) == set(BOOK.grounds)


def test_every_kind_of_letter_can_be_asked_for() -> None:
    assert {"approval", "information", "adverse", "appeal-decision", "extension", "missed-clock"} <= set(KINDS)


def test_a_letter_asks_what_was_asked_and_nothing_beside_it() -> None:
    (found,) = determine((EXAMPLES / "ask.json").read_bytes())
    assert len(wanted(found)) == 2
    (only,) = wanted(asked_only(found, ["hba1c"]))
    assert only.paragraphs == ("II.A.T.7",)
    logs = [one.fact for one in found.questions if one.fact != "hba1c"][:2]
    (either,) = wanted(asked_only(found, logs))
    assert (either.paragraphs, len(either.ways)) == (("II.A.T.5",), 2)


def test_where_all_is_asked_or_nobody_says_what_the_determination_is_the_same() -> None:
    (found,) = determine((EXAMPLES / "ask.json").read_bytes())
    assert asked_only(found, None) is found
    assert asked_only(found, [one.fact for one in found.questions]) is found
