import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from priorauth.glucose.metrics import counts
from priorauth.glucose.metrics.profile import profile
from priorauth.glucose.metrics.series import Series
from priorauth.glucose.page.picture import DaysPicture, Mark, Text, days_picture, profile_picture
from priorauth.glucose.page.report import days_svg, profile_svg
from tests.glucose.drawn import draw, readings, sensor

SVG = "{http://www.w3.org/2000/svg}"


def fortnight() -> Series:
    count = 288 * 14
    wave = 150 + 60 * np.sin(np.arange(count) / 288 * 2 * np.pi) + 25 * np.sin(np.arange(count) / 37)
    glucose = np.round(wave).astype(int)
    glucose[1000:1006] = 50  # an event below 54, on the fourth day
    glucose[2000:2030] = 300  # two and a half hours above 250
    return sensor(glucose.tolist(), start=28_401_120)


def both(series: Series) -> list[str]:
    return [profile_svg(profile(series)), days_svg(counts.count(series))]


@pytest.mark.parametrize("place", [0, 1])
def test_a_picture_is_one_well_formed_image_with_title_and_description(place: int) -> None:
    root = ET.fromstring(both(fortnight())[place])  # noqa: S314  (our own text)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    found = {part.get("id"): part.text for part in root if part.tag in (f"{SVG}title", f"{SVG}desc")}
    assert set(found) == set(named)
    assert all(found.values())


@pytest.mark.parametrize("place", [0, 1])
def test_a_picture_needs_nothing_from_outside(place: int) -> None:
    picture = both(fortnight())[place]
    assert "href" not in picture
    assert "<script" not in picture
    assert re.findall(r"url\(|https?://(?!www\.w3\.org/2000/svg)", picture) == []


def test_the_profile_is_told_in_words() -> None:
    said = profile_svg(profile(fortnight()))
    assert "over 14 days: 5th, 25th, 50th, 75th, 95th percentile in 15-minute bins" in said
    assert "The median is lowest at 17:45 (88 mg/dL) and highest at 04:15 (214 mg/dL)." in said


def test_the_profile_has_two_bands_and_a_line() -> None:
    root = ET.fromstring(profile_svg(profile(fortnight())))  # noqa: S314  (our own text)
    shades = [part.get("fill") for part in root if part.tag == f"{SVG}path" and (part.get("d") or "").endswith("Z")]
    assert shades == ["#d6e4f0", "#9dbfdc"]
    assert [part.get("stroke-width") for part in root if part.get("stroke-width")] == ["2"]


def test_thresholds_are_labelled_with_their_figures() -> None:
    picture = profile_svg(profile(fortnight()))
    assert all(f">{value}</text>" in picture for value in (54, 70, 180, 250))


def test_a_profile_of_too_few_readings_says_so() -> None:
    picture = profile_svg(profile(sensor([100] * 3)))
    assert "too few readings" in picture
    assert "No time of day has enough readings" in picture


def test_the_days_are_told_in_words_with_their_events() -> None:
    said = days_svg(counts.count(fortnight()))
    assert "14 days from 2024-01-01 to 2024-01-14. Events that begin on them:" in said
    assert "1 below 54" in said


def test_events_are_marked_by_shape_where_they_begin() -> None:
    marks = re.findall(r'<path d="[^"]*Z" fill="([^"]*)" stroke="([^"]*)"/>', days_svg(counts.count(fortnight())))
    assert ("#b00020", "#b00020") in marks  # filled, below 54
    assert ("#fff", "#b00020") in marks  # hollow, below 70
    assert ("#e65100", "#e65100") in marks  # extended above 250


def test_only_the_last_days_are_drawn() -> None:
    picture = days_svg(counts.count(fortnight()), most=3)
    assert ">01-12</text>" in picture
    assert ">01-11</text>" not in picture


def test_meter_readings_are_dots() -> None:
    picture = days_svg(counts.count(readings("meter", (480, 100), (490, 110))))
    assert picture.count("<circle") == 2


def test_the_days_of_an_empty_stream_are_none() -> None:
    assert "No days with readings." in days_svg(counts.count(readings("cgm")))


def test_the_same_stream_gives_the_same_bytes() -> None:
    assert both(fortnight()) == both(fortnight())


def test_any_stream_can_be_drawn() -> None:
    drawn = draw(51, streams=20, most=600)
    counted = counts.count(drawn)
    for stream in range(drawn.streams):
        ET.fromstring(days_svg(counted, stream))  # noqa: S314  (our own text)
        ET.fromstring(profile_svg(profile(drawn, stream)))  # noqa: S314  (our own text)


def picture_of(*rows: tuple[int, int]) -> DaysPicture:
    return days_picture(counts.count(readings("cgm", *rows)))


def test_a_day_runs_from_left_to_right_and_glucose_from_40_below_to_400_above() -> None:
    (row,) = picture_of((0, 40), (720, 400), (1439, 20), (1440 - 1, 600)).rows
    dots = [piece.dots for piece in row.pieces if piece.dots]
    assert dots == [((40, 36),), ((366, 14),)]  # midnight at the floor, noon at the ceiling: a row is 22 high
    assert [piece.line for piece in row.pieces if piece.line] == [
        "M691.5 36.0 L691.5 14.0"
    ]  # what lies beyond: the edge


def test_a_day_shows_its_date_and_its_range() -> None:
    first, second = picture_of((0, 100), (1440, 100)).rows
    assert (first.date, second.date) == (Text(36, 27, "01-01"), Text(36, 52, "01-02"))
    assert (round(first.high, 2), round(first.low, 2)) == (27.44, 34.17)  # 180 and 70 of 40 to 400
    assert second.low - first.low == 25


def test_a_trace_is_one_line_up_to_a_step_of_twenty_minutes() -> None:
    (row,) = picture_of((0, 100), (20, 100), (41, 100), (46, 100)).rows
    assert [piece.line for piece in row.pieces] == ["M40.0 32.3 L49.1 32.3", "M58.6 32.3 L60.8 32.3"]


def test_low_events_point_down_at_the_foot_and_high_ones_up_at_the_top() -> None:
    low = [(600, 100), *((605 + 5 * place, 50) for place in range(3)), (620, 100)]
    high = [(800 + 5 * place, 300) for place in range(18)]
    (row,) = picture_of(*low, *high).rows
    at_low, at_high = "M309.9 28.0 L317.9 28.0 L313.9 35.0 Z", "M398.2 22.0 L406.2 22.0 L402.2 15.0 Z"
    assert row.marks == (
        Mark(at_low, low=True, filled=False),
        Mark(at_low, low=True, filled=True),
        Mark(at_high, low=False, filled=False),
        Mark(at_high, low=False, filled=True),
    )


def test_hours_stand_below_the_picture_every_three() -> None:
    frame = picture_of((0, 100)).frame
    assert [(round(hour.x, 1), hour.words) for hour in frame.hours[:3]] == [
        (40, "00:00"),
        (121.5, "03:00"),
        (203, "06:00"),
    ]
    assert frame.hours[-1] == Text(692, frame.bottom + 12, "24:00")
    assert (frame.height, frame.top, frame.bottom) == (22 + 25 + 16, 14, 45)


def test_the_profile_lays_its_bands_between_the_percentiles_of_each_bin() -> None:
    made = profile_picture(profile(readings("cgm", *[(3 * place, 100 + 20 * place) for place in range(5)])))
    assert [band.inner for band in made.bands] == [False, True]
    # One bin of a quarter of an hour, its middle at 00:07.5: 100 to 180 by percentiles, a height of 200 for 360 mg/dL.
    assert made.bands[0].outline == "M43.4 136.4 L43.4 176.4 Z"
    assert made.bands[1].outline == "M43.4 145.3 L43.4 167.6 Z"
    assert made.medians == ("M43.4 156.4",)
    assert [(round(212 - each.y, 2), each.label.words, each.dashed) for each in made.thresholds] == [
        (7.78, "54", True),
        (16.67, "70", False),
        (77.78, "180", False),
        (116.67, "250", True),
    ]
    assert [round(212 - each.label.y, 2) for each in made.thresholds] == [4.78, 13.67, 74.78, 113.67]
    assert made.scale == (Text(36, 15, "400"), Text(36, 27, "mg/dL"))
    assert made.empty is None


def test_names_of_percentiles_that_would_run_into_one_another_are_left_out() -> None:
    near = profile_picture(profile(readings("cgm", *[(3 * place, 100 + 4 * place) for place in range(5)])))
    apart = profile_picture(profile(readings("cgm", *[(3 * place, 60 + 80 * place) for place in range(5)])))
    assert [label.words for label in near.labels] == ["5 %"]
    assert [label.words for label in apart.labels] == ["5 %", "25 %", "50 %", "75 %", "95 %"]
