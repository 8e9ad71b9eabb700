import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from priorauth.glucose import census
from priorauth.glucose.picture import days_picture, profile_picture
from priorauth.glucose.profile import profile
from priorauth.glucose.traces import Traces
from tests.glucose.drawn import draw, readings, sensor

SVG = "{http://www.w3.org/2000/svg}"


def fortnight() -> Traces:
    count = 288 * 14
    wave = 150 + 60 * np.sin(np.arange(count) / 288 * 2 * np.pi) + 25 * np.sin(np.arange(count) / 37)
    glucose = np.round(wave).astype(int)
    glucose[1000:1006] = 50  # an event below 54, on the fourth day
    glucose[2000:2030] = 300  # two and a half hours above 250
    return sensor(glucose.tolist(), start=28_401_120)


def both(traces: Traces) -> list[str]:
    return [profile_picture(profile(traces)), days_picture(census.take(traces))]


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
    said = profile_picture(profile(fortnight()))
    assert "over 14 days: 5th, 25th, 50th, 75th, 95th percentile in 15-minute bins" in said
    assert "The median is lowest at 17:45 (88 mg/dL) and highest at 04:15 (214 mg/dL)." in said


def test_the_profile_has_two_bands_and_a_line() -> None:
    root = ET.fromstring(profile_picture(profile(fortnight())))  # noqa: S314  (our own text)
    shades = [part.get("fill") for part in root if part.tag == f"{SVG}path" and (part.get("d") or "").endswith("Z")]
    assert shades == ["#d6e4f0", "#9dbfdc"]
    assert [part.get("stroke-width") for part in root if part.get("stroke-width")] == ["2"]


def test_thresholds_are_labelled_with_their_figures() -> None:
    picture = profile_picture(profile(fortnight()))
    assert all(f">{value}</text>" in picture for value in (54, 70, 180, 250))


def test_a_profile_of_too_few_readings_says_so() -> None:
    picture = profile_picture(profile(sensor([100] * 3)))
    assert "too few readings" in picture
    assert "No time of day has enough readings" in picture


def test_the_days_are_told_in_words_with_their_events() -> None:
    said = days_picture(census.take(fortnight()))
    assert "14 days from 2024-01-01 to 2024-01-14. Events that begin on them:" in said
    assert "1 below 54" in said


def test_events_are_marked_by_shape_where_they_begin() -> None:
    marks = re.findall(r'<path d="[^"]*Z" fill="([^"]*)" stroke="([^"]*)"/>', days_picture(census.take(fortnight())))
    assert ("#b00020", "#b00020") in marks  # filled, below 54
    assert ("#fff", "#b00020") in marks  # hollow, below 70
    assert ("#e65100", "#e65100") in marks  # extended above 250


def test_only_the_last_days_are_drawn() -> None:
    picture = days_picture(census.take(fortnight()), most=3)
    assert ">01-12</text>" in picture
    assert ">01-11</text>" not in picture


def test_meter_readings_are_dots() -> None:
    picture = days_picture(census.take(readings("meter", (480, 100), (490, 110))))
    assert picture.count("<circle") == 2


def test_the_days_of_an_empty_stream_are_none() -> None:
    assert "No days with readings." in days_picture(census.take(readings("cgm")))


def test_the_same_stream_gives_the_same_bytes() -> None:
    assert both(fortnight()) == both(fortnight())


def test_any_stream_can_be_drawn() -> None:
    drawn = draw(51, streams=20, most=600)
    counted = census.take(drawn)
    for stream in range(drawn.streams):
        ET.fromstring(days_picture(counted, stream))  # noqa: S314  (our own text)
        ET.fromstring(profile_picture(profile(drawn, stream)))  # noqa: S314  (our own text)
