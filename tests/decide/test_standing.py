from collections.abc import Iterable
from pathlib import Path

import pytest

from priorauth.decide.standing import Days, Held, Standing, Standings, standings
from priorauth.decide.statements import FACTS, statements
from priorauth.facts.rows import Period, Row, Source
from priorauth.policy.catalog import open_catalog
from priorauth.policy.views.census import all_leaves
from priorauth.values.dates import LAST_DAY, day, iso
from tests.glucose.evidence_of import book, reading, rows_of, shown, table, trace

CATALOG = open_catalog()
MASSHEALTH = CATALOG.versions("masshealth/insulin-pumps")[-1]
AS_OF = day("2026-06-15")
TESTS = "self-tests of glucose \u2265 4 a day, average (30 days)"


def all_of(rows: Iterable[Row]) -> Standings:
    return standings(rows, AS_OF, MASSHEALTH, CATALOG.vocabulary)


def one(rows: Iterable[Row], says: str) -> Standing:
    return next(found for found in all_of(rows).found if found.statement.says.startswith(says))


def four_a_day(*ago: int) -> str:
    """Four tests on days that lie so far before the request."""
    return table((f"{iso(AS_OF - back)} {hour:02d}:00", 120, "meter", "") for back in ago for hour in (7, 12, 18, 22))


def test_a_statement_has_its_places_in_the_payer_s_text_its_days_and_what_lies_in_them(tmp_path: Path) -> None:
    found = one(rows_of(book(tmp_path, four_a_day(*range(35, -1, -1)))), TESTS)
    assert found.criteria == ("II.A.T.5", "II.A.C.4")
    assert found.statement.status == "met"
    assert found.window == Days(day("2026-05-17"), AS_OF)
    assert found.readings == Held("readings", 120, 30)
    assert (found.rows.count, found.rows.days, found.outside) == (120, 30, 24)
    assert (found.passing, found.missing) == (None, ())


def test_what_is_missing_names_the_days_without_readings_and_the_record_that_would_settle_it(tmp_path: Path) -> None:
    found = one(rows_of(book(tmp_path, four_a_day(*range(20, 10, -1), *range(5, -1, -1)))), TESTS)
    assert found.statement.status == "unknown"
    assert found.missing == (
        "readings on 14 of the 30 days: 2026-05-17..2026-05-25, 2026-06-05..2026-06-09",
        "a download known to be complete from 2026-05-17 to 2026-06-15",
    )


def test_only_some_spans_without_readings_are_listed(tmp_path: Path) -> None:
    found = one(rows_of(book(tmp_path, four_a_day(*range(28, -1, -2)))), TESTS)
    assert found.missing[0].startswith("readings on 15 of the 30 days: 2026-05-17, 2026-05-19, ")
    assert found.missing[0].endswith(" and 9 more spans")


def test_where_a_fact_is_not_shown_at_all_it_is_said() -> None:
    found = one([], "any swing of glucose before meals within one day")
    assert found.missing == ("daily swings of glucose before meals: none in these files",)
    assert (found.readings, found.rows.count) == (Held("readings", 0, 0), 0)


def test_episodes_that_pass_the_statement_s_own_test_are_counted_beside_all() -> None:
    readings = trace("2026-06-01T02:00", [90, 60, 51, 66, 90, 90, 90, 65, 65, 65, 90, 90, 90])
    rows = [*(reading.row for reading in readings), *shown(readings, "hypoglycemia")]
    found = one(rows, "episodes of hypoglycemia < 54")
    assert (found.rows.count, found.passing, found.readings.count) == (2, 1, 13)


def test_a_day_to_count_from_that_is_not_known_is_what_is_missing() -> None:
    found = one([], "episode of hypoglycemia on \u2265 3 days (3 months before the last approval)")
    assert (found.window, found.missing) == (None, ("the day to count from: the last approval",))


def test_wearing_a_sensor_is_a_span_of_days() -> None:
    readings = trace("2026-06-01T00:00", [100] * 288 * 3)
    rows = [*(reading.row for reading in readings), *shown(readings, "cgm_use")]
    found = one(rows, "use of a continuous glucose monitor")
    assert found.window == Days(day("2026-05-17"), AS_OF)
    assert (found.rows.count, found.rows.days) == (1, 3)
    assert found.missing == ("readings on 27 of the 30 days: 2026-05-17..2026-05-31, 2026-06-04..2026-06-15",)


def test_the_verdict_is_that_of_the_statements_of_all_policies(tmp_path: Path) -> None:
    rows = rows_of(book(tmp_path, four_a_day(*range(30, -1, -1))))
    own = {found.statement.says: found.statement.status for found in all_of(rows).found}
    every = {found.says: found.status for found in statements(rows, AS_OF, CATALOG) if "masshealth" in found.payers}
    assert every
    assert every.items() <= own.items()


@pytest.mark.parametrize("policy", list(CATALOG.files))
def test_every_statement_of_a_policy_is_listed_or_counted(policy: str) -> None:
    version = CATALOG.versions(policy)[-1]
    found = standings([], AS_OF, version, CATALOG.vocabulary)
    leaves = list(all_leaves(version))
    about = [leaf for leaf in leaves if leaf.form.fact in FACTS]
    assert found.others == len(leaves) - len(about)
    assert bool(found.found) == bool(about)
    assert all(each.missing for each in found.found if each.statement.status == "unknown")
    assert (found.policy, found.version) == (policy, version.version)


def test_a_statement_that_needs_more_than_readings_says_what() -> None:
    caresource = CATALOG.versions("anthem/cg-dme-01")[-1]
    found = standings([], AS_OF, caresource, CATALOG.vocabulary).found
    (swing,) = [each for each in found if "while" in each.statement.says and "swing" in each.statement.says]
    assert any("readings do not show it" in each for each in swing.missing)


def test_the_json_has_what_the_text_says() -> None:
    rows: list[Row] = [Period("cgm_use", Source.RECORD, "log line 1", AS_OF - 9, AS_OF - 9, AS_OF, LAST_DAY)]
    made = all_of(rows).as_json()
    assert list(made) == ["policy", "version", "as_of", "statements", "other_statements"]
    told = next(each for each in made["statements"] if each["says"].startswith("use of"))
    assert told["window"] == {"from": "2026-05-17", "until": "2026-06-15", "days": 30}
    assert told["shown"] == [{"days": "2026-06-06..2026-06-15", "value": None, "reference": "log line 1"}]
    assert list(told) == [
        "criteria", "says", "status", "value", "why", "window", "readings", "counts", "outside", "shown", "missing",
    ]  # fmt: skip


def test_what_is_settled_lacks_nothing() -> None:
    mornings = [reading(f"2026-06-{number:02d}T07:00", 150) for number in range(1, 13)]
    rows = [*(each.row for each in mornings), *shown(mornings, "fasting_glucose")]
    found = one(rows, "\u2265 25 % of fasting")
    assert (found.statement.status, found.missing) == ("not-met", ())
    assert (found.rows.count, found.passing) == (12, 0)


def test_what_was_measured_after_the_request_does_not_count() -> None:
    lows = [reading("2026-06-14T07:00", 50), reading("2026-06-16T07:00", 50)]
    rows = [*(each.row for each in lows), *shown(lows, "hypoglycemia")]
    for says in (
        "the number of episodes of hypoglycemia since",
        "episodes of hypoglycemia < 54 mg/dL: \u2265 2 (6 months)",
    ):
        assert one(rows, says).rows.count == 1
