from collections.abc import Iterable
from pathlib import Path

from priorauth.decide.statements import FACTS, Statement, statements
from priorauth.facts.rows import Row
from priorauth.policy.catalog import open_catalog
from priorauth.values.dates import day, iso
from tests.glucose.evidence_of import VOCABULARY, book, reading, rows_of, shown, table, trace

CATALOG = open_catalog()
AS_OF = day("2026-06-15")
TESTS = "self-tests of glucose \u2265 4 a day, average (30 days)"


def said(rows: Iterable[Row], says: str) -> Statement:
    return next(one for one in statements(rows, AS_OF, CATALOG) if one.says.startswith(says))


def four_a_day(days: int) -> str:
    """Four tests on each of the days that end with the request."""
    listed = (iso(AS_OF - number) for number in reversed(range(days)))
    return table((f"{date} {hour:02d}:00", 120, "meter", "") for date in listed for hour in (7, 12, 18, 22))


def test_every_payer_that_counts_tests_is_named(tmp_path: Path) -> None:
    found = said(rows_of(book(tmp_path, four_a_day(1))), TESTS)
    assert found.payers == ("anthem", "caresource", "masshealth")


def test_thirty_days_of_four_tests_are_shown_with_their_days(tmp_path: Path) -> None:
    found = said(rows_of(book(tmp_path, four_a_day(31))), TESTS)
    assert (found.status, found.why) == ("met", None)
    (span,) = found.shown
    assert (span.days, span.value) == ("2026-05-17..2026-06-15", "4 a day")
    assert span.reference == "log1.csv line 6, log1.csv line 125"


def test_fewer_tests_in_a_log_that_proves_nothing_whole_are_open_not_refuted(tmp_path: Path) -> None:
    found = said(rows_of(book(tmp_path, four_a_day(20))), TESTS)
    assert found.status == "unknown"
    assert found.why is not None


def test_of_fasting_readings_only_the_high_ones_are_listed() -> None:
    mornings = [reading(f"2026-06-{number:02d}T07:00", 150 + 20 * (number % 4)) for number in range(1, 13)]
    rows = [*(one.row for one in mornings), *shown(mornings, "fasting_glucose")]
    found = said(rows, "\u2265 25 % of fasting")
    assert (found.status, found.value) == ("met", "25 % (3 of 12)")
    assert [one.value for one in found.shown] == ["210 mg/dL"] * 3


def test_an_episode_is_listed_with_its_day_its_nadir_and_its_place() -> None:
    rows = shown(trace("2026-06-01T02:00", [90, 60, 51, 66, 90, 90, 90]), "hypoglycemia")
    found = said(rows, "episodes of hypoglycemia < 54")
    assert [(one.days, one.value) for one in found.shown] == [("2026-06-01", "51 mg/dL")]


def test_what_happened_after_the_day_of_the_request_does_not_count() -> None:
    rows = shown([reading("2026-06-16T02:00", 50)], "hypoglycemia")
    assert said(rows, "any episode of hypoglycemia (24").status == "unknown"


def test_only_statements_that_readings_alone_can_show_are_listed() -> None:
    listed = [one.says for one in statements([], AS_OF, CATALOG)]
    assert len(listed) == len(set(listed)) > 8
    assert not any("approval" in says or "enrollment" in says or "HbA1c" in says for says in listed)


def test_nothing_on_file_shows_nothing() -> None:
    assert {one.status for one in statements([], AS_OF, CATALOG)} == {"unknown"}
    assert all(one.shown == () for one in statements([], AS_OF, CATALOG))


def test_the_facts_are_of_the_vocabulary() -> None:
    assert all(fact in VOCABULARY for fact in FACTS)


def test_these_facts_and_no_others_are_shown_by_readings_alone() -> None:
    assert sorted(FACTS) == [
        "cgm_glucose", "cgm_use", "fasting_glucose", "glucose_self_test", "hypoglycemia", "nocturnal_hypoglycemia",
        "premeal_daily_range", "premeal_glucose",
    ]  # fmt: skip
