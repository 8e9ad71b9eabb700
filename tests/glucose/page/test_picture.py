import itertools
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from priorauth.glucose.page.agp import agp
from priorauth.glucose.page.bar import bar
from priorauth.glucose.page.choice import Choice
from priorauth.glucose.page.daily import daily
from priorauth.glucose.page.period import Period, latest
from priorauth.glucose.page.picture import Scale, apart, zone_of
from priorauth.glucose.page.report import pictures
from tests.glucose.drawn import draw, readings
from tests.glucose.page.picked import CHOICES, SVG, fortnight, outside, parsed, periods

EVERY = (bar, agp, daily)


@given(periods())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
def test_everything_that_is_drawn_lies_on_the_paper(period: Period) -> None:
    for picture in pictures(period):
        assert outside(picture) == []


@given(periods())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=30)
def test_a_table_has_a_cell_under_every_head_and_its_rows_have_names_of_their_own(period: Period) -> None:
    for picture in pictures(period):
        assert {len(row) for row in picture.table.rows} <= {len(picture.table.head)}
        names = [row[0] for row in picture.table.rows]
        assert len(names) == len(set(names))


def test_longer_streams_of_any_kind_lie_on_the_paper_too() -> None:
    drawn = draw(51, streams=10, most=3000)
    for stream in range(drawn.streams):
        own = slice(int(drawn.starts[stream]), int(drawn.starts[stream + 1]))
        one = drawn._replace(
            **{name: getattr(drawn, name)[own] for name in ("minutes", "offsets", "glucose", "flags")},
            starts=np.array([0, own.stop - own.start]),
            meters=drawn.meters[stream : stream + 1],
        )
        for picture in pictures(latest(one, CHOICES[stream % len(CHOICES)])):
            assert outside(picture) == []


@pytest.mark.parametrize("place", range(3))
def test_a_picture_is_one_image_with_title_and_description(place: int) -> None:
    picture = EVERY[place](latest(fortnight()), name="here")
    root = parsed(picture)
    assert (root.tag, root.get("role")) == (f"{SVG}svg", "img")
    named = (root.get("aria-labelledby") or "").split()
    assert {part.get("id"): part.text for part in root if part.get("id")} == dict(
        zip(named, (picture.title, picture.says), strict=True)
    )
    assert all(one.startswith("here-") for one in named)


@pytest.mark.parametrize("place", range(3))
def test_a_strict_content_policy_lets_a_picture_stand(place: int) -> None:
    for series in (fortnight(), readings("meter", (480, 100)), readings("cgm")):
        svg = EVERY[place](latest(series)).svg
        assert not re.search(r"style|<script|href|url\(|@import|\son\w+=|https?://(?!www\.w3\.org/2000/svg)", svg)


def test_the_same_readings_give_the_same_bytes() -> None:
    one, two = (pictures(latest(fortnight())) for _ in range(2))
    assert one == two


@pytest.mark.parametrize("choice", CHOICES)
def test_a_picture_speaks_in_the_unit_that_was_chosen(choice: Choice) -> None:
    other = "mg/dL" if choice.unit == "mmol/L" else "mmol/L"
    for picture in pictures(latest(fortnight(), choice)):
        assert choice.unit in picture.svg
        assert other not in picture.svg
        assert other not in str(picture.table)


def test_nothing_in_a_picture_judges() -> None:
    words = "".join(picture.svg + str(picture.table) for picture in pictures(latest(fortnight()))).lower()
    assert not re.search(r"\b(good|bad|poor|not met|missed|achieved|warning|alarm|abnormal)\b", words)


def test_a_scale_puts_what_lies_beyond_at_its_edge() -> None:
    scale = Scale(10, 110)
    assert (scale.at(0), scale.at(350), scale.at(175), scale.at(600), scale.at(-1)) == (110, 10, 60, 10, 110)


@given(st.lists(st.floats(0, 100), max_size=5).map(sorted))
def test_labels_keep_apart_in_order_and_between_the_ends(places: list[float]) -> None:
    moved = apart(places, 10, 0, 100)
    assert all(two - one >= 10 - 1e-9 for one, two in itertools.pairwise(moved))
    assert all(-1e-9 <= one <= 100 + 1e-9 for one in moved)


def test_a_value_between_whole_ones_is_in_the_zone_that_its_limit_says() -> None:
    zones = latest(readings("cgm", (0, 100))).zones
    assert [zone_of(value, zones) for value in (53.9, 54, 69.5, 70, 180, 180.2, 250.1)] == [
        "very-low", "low", "low", "target", "target", "high", "very-high",
    ]  # fmt: skip
