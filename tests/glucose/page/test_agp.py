import itertools
import re

import numpy as np
import pytest

from priorauth.glucose.page.agp import agp
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.period import latest
from priorauth.glucose.page.picture import Scale
from tests.glucose.drawn import readings, sensor
from tests.glucose.page.picked import SVG, fortnight, of_class, parsed, texts

# Noon to one on five days; the median is 120, the whole band 100 to 140.
NOON = readings("cgm", *[(1440 * day + 720 + minute, 100 + 10 * day) for day in range(5) for minute in (0, 30)])


def test_the_profile_is_told_in_words() -> None:
    said = agp(latest(fortnight())).says
    assert said.startswith(
        "Glucose by time of day over 14 days: 5th, 25th, 50th, 75th, 95th percentile, smoothed. The median is lowest in"
    )
    assert re.search(r"highest in the hour from 0\d:00 \(2\d\d mg/dL\)\.$", said)


def test_the_outer_band_is_drawn_first_and_the_median_last() -> None:
    classes = [(part.get("class") or "").split() for part in parsed(agp(latest(fortnight()))).iter(f"{SVG}path")]
    drawn = [names[0] for names in classes if names and names[0] in ("band", "median", "target-limit")]
    assert drawn == sorted(drawn, key=["band", "target-limit", "median"].index)
    fills = [
        part.get("fill") for part in of_class(agp(latest(fortnight())), "band") if "target" in str(part.get("class"))
    ]
    assert fills == ["#c9e7d0"] * fills.count("#c9e7d0") + ["#8bcd9e"] * fills.count("#8bcd9e")


def test_a_band_and_the_median_change_colour_at_the_limits_of_the_zones() -> None:
    picture = agp(latest(fortnight()))
    zones = {(part.get("class") or "").split()[1] for part in of_class(picture, "band")}
    assert zones >= {"low", "target", "high"}
    top = next(float(part.get("y") or 0) for part in of_class(picture, "target") if part.tag == f"{SVG}rect")
    for part in of_class(picture, "median"):
        ys = [float(y) for y in re.findall(r"[ML ][\d.]+ ([\d.]+)", part.get("d") or "")]
        if "high" in (part.get("class") or ""):
            assert max(ys) <= top + 0.06
        else:
            assert min(ys) >= top - 0.06


def test_the_numbers_of_the_table_are_the_smoothed_percentiles() -> None:
    period = latest(fortnight())
    table = agp(period).table
    assert len(table.rows) == 24
    assert table.head == (
        "hour", "readings", "5 %, mg/dL", "25 %, mg/dL", "50 %, mg/dL", "75 %, mg/dL", "95 %, mg/dL",
    )  # fmt: skip
    for row, values in zip(table.rows, period.profile.smoothed, strict=True):
        assert [float(cell) for cell in row[2:]] == [float(f"{value:.0f}") for value in values]
    assert table.rows[0][:2] == ("00:00 to 01:00", "168")


def test_the_curve_passes_where_the_percentiles_lie() -> None:
    picture = agp(latest(NOON))
    (outer, inner) = of_class(picture, "band")
    (middle,) = of_class(picture, "median")
    levels = np.percentile(np.repeat([100, 110, 120, 130, 140], 2), [5, 25, 50, 75, 95])
    ends = [
        f"{48 + minute / 1440 * 636:.1f} {Scale(10, 210).at(level):.1f}" for level in levels for minute in (720, 780)
    ]
    assert all(end in (outer.get("d") or "") for end in (*ends[:2], *ends[-2:]))
    assert all(end in (inner.get("d") or "") for end in (*ends[2:4], *ends[6:8]))
    assert (middle.get("d") or "").startswith(f"M{ends[4]}")


def test_the_limits_the_ends_and_the_percentiles_are_labelled() -> None:
    said = texts(agp(latest(fortnight())))
    for words in ("54", "70", "180", "250", "350", "0", "mg/dL", "Target", "range", "00:00", "12:00", "24:00"):
        assert words in said
    for level in (5, 25, 50, 75, 95):
        assert f"{level} %" in said
    assert "13.9" in texts(agp(latest(fortnight(), Choice(unit="mmol/L"))))


def test_labels_of_percentiles_that_lie_close_do_not_touch() -> None:
    picture = agp(latest(sensor([100] * 288 * 6)))
    ys = sorted(
        float(part.get("y") or 0) for part in parsed(picture).iter(f"{SVG}text") if str(part.text).endswith(" %")
    )
    assert len(ys) == 5
    assert all(two - one >= 9.9 for one, two in itertools.pairwise(ys))


def test_a_meter_s_readings_are_dots_by_hour_and_never_bands() -> None:
    month = readings("meter", *[(1440 * day + 60 * hour, 60 + 10 * hour) for day in range(30) for hour in range(24)])
    picture = agp(latest(month))
    assert of_class(picture, "band") == []
    assert len(of_class(picture, "reading")) == 14 * 24
    assert picture.table.head == ("hour", "readings", "lowest, mg/dL", "median, mg/dL", "highest, mg/dL")
    assert picture.table.rows[7] == ("07:00 to 08:00", "14", "130", "130", "130")
    assert "a meter's are too few for percentiles" in picture.says


@pytest.mark.parametrize("days", [1, 4])
def test_a_sensor_of_fewer_than_five_days_has_dots_and_says_why(days: int) -> None:
    picture = agp(latest(fortnight(14), days=days))
    assert of_class(picture, "band") == []
    assert len(of_class(picture, "reading")) == 288 * days
    assert "too few readings for percentiles" in texts(picture)


def test_an_hour_without_readings_is_a_gap_and_said_in_the_table() -> None:
    nights = [(1440 * day + 60 * hour, 100) for day in range(6) for hour in range(24) if hour not in (10, 11)]
    picture = agp(latest(readings("cgm", *nights)))
    assert len(of_class(picture, "median")) == 2
    assert picture.table.rows[10] == ("10:00 to 11:00", "0", *["too few readings"] * 5)


def test_without_readings_nothing_is_drawn_and_it_is_said() -> None:
    picture = agp(latest(readings("cgm")))
    assert (picture.says, of_class(picture, "reading")) == ("No readings.", [])
