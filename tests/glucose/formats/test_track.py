import numpy as np
import pytest

from priorauth.glucose.formats.amount import Amounts, Unit
from priorauth.glucose.formats.clock import Times
from priorauth.glucose.formats.reading import Readings
from priorauth.glucose.formats.track import Numbers, Track
from priorauth.glucose.reject import GlucoseFileError, Tally


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
    with pytest.raises(GlucoseFileError, match="log, row 2: 3 of 5 values cannot be in the unit that the file states"):
        settled(["120", "5.6", "7.2", "130", "8.1"])


def test_a_column_of_mmol_that_holds_mg_is_refused() -> None:
    with pytest.raises(GlucoseFileError, match="cannot be in the unit"):
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
