"""What a case shows of its readings: the latest days up to the request, from which files, worn how long."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from priorauth.glucose.logbook import Logbook
from priorauth.workbench.pictures.glucose import logbook, pictures, shown, table
from tests.glucose.logs import DATA
from tests.pages import EXAMPLES

CLARITY, LIBRE = "Clarity_Export_synthetic.csv", "FreeStyle_Libre_3_synthetic.csv"
LAST = date(1961, 4, 25)


def book(*names: str) -> Logbook:
    found = logbook([(name, (DATA / name).read_bytes()) for name in names])
    assert found is not None
    return found


def test_fourteen_days_of_a_sensor_are_shown_with_file_and_how_long_it_was_worn() -> None:
    (one,) = shown(book(CLARITY), LAST)
    assert (one.first, one.last, one.days, one.files) == (LAST - timedelta(days=13), LAST, 14, (CLARITY,))
    assert (
        one.says
        == f"sensor, 14 days, 12 Apr 1961 to 25 Apr 1961: 3,922 readings, worn 97 % of the time; from {CLARITY}"
    )


def test_readings_after_the_request_are_not_shown_and_it_is_said() -> None:
    (one,) = shown(book(CLARITY), LAST - timedelta(days=2))
    assert one.last == LAST - timedelta(days=2)
    assert one.later > 0
    assert "after the request are not shown" in one.says


def test_a_device_that_read_nothing_by_then_is_not_shown() -> None:
    assert shown(book(CLARITY), date(1960, 1, 1)) == ()


@pytest.mark.parametrize(("wanted", "days"), [(1, 14), (20, 16), (90, 16)])
def test_no_fewer_days_than_asked_for_no_more_than_thirty_nor_than_there_are(wanted: int, days: int) -> None:
    (one,) = shown(book(CLARITY, LIBRE), date(1961, 4, 30), days=wanted)
    assert one.days == days


def test_two_files_of_one_kind_of_device_are_both_named() -> None:
    (one,) = shown(book(CLARITY, LIBRE), LAST)
    assert set(one.files) == {CLARITY, LIBRE}


def test_readings_that_came_as_fhir_are_shown_and_requests_without_any_left_out() -> None:
    found = logbook([(name, (EXAMPLES / f"{name}.json").read_bytes()) for name in ("ask", "conflict")])
    assert found is not None
    (one,) = shown(found, date(2026, 11, 20))
    assert (one.device, one.files, one.worn) == ("meter", ("conflict",), None)
    assert logbook([("ask", (EXAMPLES / "ask.json").read_bytes())]) is None


def test_the_pictures_are_svg_and_the_table_has_what_is_known() -> None:
    (one,) = shown(book(CLARITY), LAST)
    drawn = list(pictures(one))
    assert [picture.wide.count("<svg") for picture in drawn] == [1, 1, 1]
    assert all(picture.table.rows for picture in drawn)
    found = table(one)
    assert found.caption == one.says
    assert {row[0] for row in found.rows} >= {"mean", "time 70 180", "active"}
    assert all(row[4] == "yes" for row in found.rows)
