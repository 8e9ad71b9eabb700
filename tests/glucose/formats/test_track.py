import numpy as np
import pytest

from priorauth.errors import LogRefused
from priorauth.glucose.formats.amount import Amounts, Unit
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Readings
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import Tally


def settled(values: list[str], times: list[str] | None = None, unit: Unit = Unit.MG) -> tuple[Readings, Tally]:
    clock, tally, track = Times(), Tally(), Track("meter")
    stamps = clock.stamps(times or [f"2024-01-01 00:{n % 60:02}" for n in range(len(values))])
    track.add(range(1, len(values) + 1), stamps, Amounts(unit).codes(values))
    return track.settle("log", clock.days("log"), tally), tally


def test_every_row_is_a_reading_or_a_count() -> None:
    readings, tally = settled(["120", "", "999", "x"], ["2024-01-01 08:00", "2024-01-01 08:05", "", "2024-01-01 08:10"])
    assert readings.rows.tolist() == [1]
    assert tally.counts() == {"no-value": 1, "unreadable-value": 1, "out-of-range": 1}


def test_a_row_without_value_and_time_is_counted_once() -> None:
    _, tally = settled([""], [""])
    assert tally.counts() == {"no-value": 1}


def test_one_stray_number_is_a_typing_error() -> None:
    readings, tally = settled(["120", "5.6", "130"])
    assert (len(readings), tally.counts()) == (2, {"other-unit": 1})


def test_a_column_of_mg_that_holds_mmol_is_refused() -> None:
    with pytest.raises(
        LogRefused,
        match="log, row 2: 3 of 5 values cannot be in the unit that the file states; expected mg/dL or mmol/L "
        "throughout, as stated",
    ):
        settled(["120", "5.6", "7.2", "130", "8.1"])


def test_a_column_of_mmol_that_holds_mg_is_refused() -> None:
    with pytest.raises(LogRefused, match="cannot be in the unit"):
        settled(["120", "130", "140"], unit=Unit.MMOL)


def test_an_offset_stated_beside_a_stamp_in_utc_is_local_time() -> None:
    clock, track = Times(), Track("cgm")
    track.add([1], clock.stamps(["2024-01-01T12:00:00Z"]), Amounts(Unit.MG).codes(["120"]), offsets=-300)
    readings = track.settle("log", clock.days("log"), Tally())
    assert (readings.minutes.tolist(), readings.offsets.tolist()) == ([28401840], [-300])


def test_a_track_without_rows_settles_to_nothing() -> None:
    readings = Track("cgm").settle("log", Times().days("log"), Tally())
    assert (len(readings), readings.minutes.dtype) == (0, np.dtype("int64"))


def test_names_are_numbered_as_they_come() -> None:
    numbers = Numbers()
    assert [numbers[name] for name in ("b", "a", "b")] == [0, 1, 0]


@pytest.mark.parametrize(
    ("stray", "of", "refused"),
    [(3, 300, True), (3, 301, False), (2, 2, False), (4, 400, True), (4, 401, False)],
)
def test_a_column_is_in_another_unit_from_three_values_and_one_in_a_hundred_on(
    stray: int,
    of: int,
    refused: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    values = ["120"] * (of - stray) + ["5.6"] * stray
    if refused:
        with pytest.raises(LogRefused, match=f"row {of - stray + 1}: {stray} of {of} values"):
            settled(values)
    else:
        assert settled(values)[1].counts() == {"other-unit": stray}


def test_what_is_said_of_a_reading_stays_beside_it() -> None:
    clock, track = Times(), Track("cgm")
    stamps = clock.stamps(["2024-01-01T12:00:00Z", "2024-01-01T12:05:00+02:00", "2024-01-01T12:10:00", "never"])
    amounts = Amounts(Unit.MG).codes(["Low", "120", "High", "130"])
    track.add([5, 6, 7, 8], stamps, amounts, flags=[4, 0, 32, 0], makers=[0, 1, 2, 3], offsets=[60, 90, 90, 90])
    track.add([9], clock.stamps(["2024-01-01T12:00:00Z"]), Amounts(Unit.MG).codes(["121"]))
    found = track.settle("log", clock.days("log"), Tally())
    noon = 28401840
    assert found.minutes.tolist() == [noon, noon + 5 - 120, noon + 10, noon]
    assert found.offsets.tolist() == [60, 120, 0, 0]  # an offset in the stamp itself goes first
    assert found.zoned.tolist() == [True, True, False, True]
    assert found.glucose.tolist() == [39, 120, 401, 121]
    assert found.flags.tolist() == [4 | 1, 0, 32 | 2, 0]
    assert found.makers.tolist() == [0, 1, 2, 0]
    assert found.rows.tolist() == [5, 6, 7, 9]
    assert found.device == "cgm"
